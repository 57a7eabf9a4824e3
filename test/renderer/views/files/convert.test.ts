import { expect, test } from 'vitest';
import { toInt16, toMono } from '../../../../app/audio/samples';
import { readWav } from '../../../../app/audio/wav';
import { convertToWav } from '../../../../renderer/views/files/convert';
import { likeness } from '../../../likeness';

const fixture = async (url: URL): Promise<Blob> => (await fetch(url)).blob();
const M4A = new URL('../../../fixtures/audio/encoded/five.m4a', import.meta.url);
const ORIGINAL = new URL('../../../fixtures/audio/asterisk_digits_5.wav', import.meta.url);
/** At 16 kHz: what an encoder puts before the sound, which some browsers take away again and others do not. */
const PRIMING_SAMPLES = 2 * 2_048 + 20;

async function samplesOf(wav: Blob): Promise<Int16Array> {
  const { sampleRateHz, channels } = readWav(new Uint8Array(await wav.arrayBuffer()), 'sound.wav');
  expect(sampleRateHz).toBe(16_000);
  return toInt16(toMono(channels));
}

/** Chromium as distributions build it has the decoder; one that was built without says so. */
const canPlay = document.createElement('audio').canPlayType('audio/mp4; codecs="mp4a.40.2"') !== '';

test('an M4A becomes the same sound as WAV of 16 kHz, where the browser has a decoder, and is refused by name where not', async () => {
  const file = await fixture(M4A);
  if (!canPlay) {
    await expect(convertToWav(file, 'five.m4a')).rejects.toMatchObject({ code: 'audio.unreadable' });
    return;
  }
  const [decoded, original] = await Promise.all([
    convertToWav(file, 'five.m4a').then(samplesOf),
    convertToWav(await fixture(ORIGINAL), 'five.wav').then(samplesOf),
  ]);
  expect(decoded.length - original.length).toBeLessThan(2 * PRIMING_SAMPLES);
  expect(likeness(original, decoded, PRIMING_SAMPLES)).toBeGreaterThan(0.95);
});
