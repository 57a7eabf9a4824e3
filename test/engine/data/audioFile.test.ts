import { promises as fs } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { writeWav } from '../../../app/audio/wav';
import { decodeAudio } from '../../../engine/data/audioFile';
import { likeness } from '../../likeness';

const audio = new URL('../../fixtures/audio/', import.meta.url);
const read = async (name: string): Promise<Uint8Array> => new Uint8Array(await fs.readFile(new URL(name, audio)));
const decode = async (name: string): Promise<Int16Array> => decodeAudio(await read(name), name);

describe('decoding', () => {
  it('leaves a 16 kHz mono 16-bit WAV as it is', async () => {
    const pcm = Int16Array.from({ length: 200_000 }, (_, n) => (n * 7919) % 65_536);
    expect(await decodeAudio(writeWav(pcm, 16_000), 'clip.wav')).toEqual(pcm);
  });

  it('brings an 8 kHz file to 16 kHz', async () => {
    const bytes = await read('asterisk_digits_5.wav');
    expect((await decodeAudio(bytes, 'five.wav')).length).toBe(bytes.length - 44);
  });

  it('brings 24-bit stereo at 44.1 kHz to the same sound', async () => {
    const original = await decode('asterisk_digits_5.wav');
    const stereo = await decode('encoded/five.stereo.wav');
    // The file holds 50 ms of it, from 300 ms on.
    expect(likeness(original.subarray(4_800, 5_600), stereo, 2)).toBeGreaterThan(0.999);
  });

  it('gives bit for bit the same from FLAC', async () => {
    expect(await decode('encoded/five.flac')).toEqual(await decode('asterisk_digits_5.wav'));
  });

  it.each(['encoded/five.mp3', 'encoded/five.vorbis.ogg', 'encoded/five.opus'])(
    'gives the same sound from %s',
    async (name) => {
      const original = await decode('asterisk_digits_5.wav');
      const decoded = await decode(name);
      expect(Math.abs(decoded.length - original.length)).toBeLessThan(20);
      expect(likeness(original, decoded, 20)).toBeGreaterThan(0.95);
    },
  );

  it('takes what is there of an MP3 that was cut off', async () => {
    const bytes = await read('encoded/five.mp3');
    const whole = await decodeAudio(bytes, 'five.mp3');
    const part = await decodeAudio(bytes.subarray(0, bytes.length / 2), 'five.mp3');
    expect(part.length).toBeGreaterThan(whole.length / 4);
    expect(part.length).toBeLessThan(whole.length);
  });

  it('tells a format by its content, not by its name', async () => {
    const bytes = await read('encoded/five.flac');
    expect((await decodeAudio(bytes, 'five.wav')).length).toBeGreaterThan(10_000);
  });

  it('stops where it is aborted', async () => {
    const controller = new AbortController();
    controller.abort(new Error('no longer wanted'));
    await expect(decodeAudio(await read('encoded/five.flac'), 'five.flac', controller.signal)).rejects.toThrow(
      'no longer',
    );
  });
});

describe('refusing', () => {
  const text = (words: string): Uint8Array => new TextEncoder().encode(words);

  it.each<[string, Uint8Array, string]>([
    ['text', text('This is not sound.'), 'none of WAV, FLAC, MP3, Ogg Vorbis and Opus'],
    ['M4A', text('\0\0\0 ftypM4A \0\0\0\0'), 'only decoded in the window'],
    ['AAC', new Uint8Array([0xff, 0xf1, 0x50, 0x80]), 'only decoded in the window'],
    ['Ogg with something else', text('OggS\0\x02 Speex   1.2'), 'neither Vorbis, Opus nor FLAC'],
    ['a FLAC header alone', text('fLaC\0\0\0\x22'), 'No sound could be decoded'],
    ['an MP3 tag alone', text('ID3\x03\0\0\0\0\0\0'), 'No sound could be decoded'],
    ['a rate of 50 Hz', writeWav(new Int16Array(10), 50), '50 Hz lies outside'],
  ])('names %s and the file', async (_what, bytes, words) => {
    const failure = decodeAudio(bytes, 'talk.xyz');
    await expect(failure).rejects.toMatchObject({ name: 'UnrollError', code: 'audio.unreadable' });
    await expect(failure).rejects.toThrow('talk.xyz');
    await expect(failure).rejects.toThrow(words);
  });

  it('leaves a real M4A to the window', async () => {
    const params = { reason: 'reason.audio.aac' };
    await expect(decode('encoded/five.m4a')).rejects.toMatchObject({ code: 'audio.unreadable', params });
  });

  it('calls a file of no bytes empty', async () => {
    await expect(decodeAudio(new Uint8Array(0), 'talk.wav')).rejects.toMatchObject({ code: 'audio.empty' });
  });

  it.each(['five.flac', 'five.mp3', 'five.vorbis.ogg', 'five.opus'])(
    'reads or refuses a damaged %s, and never fails otherwise',
    async (name) => {
      const bytes = await read(`encoded/${name}`);
      for (let seed = 1; seed < 12; seed++) {
        const damaged = bytes.slice();
        for (let at = seed * 31; at < damaged.length; at += 97 * seed) damaged[at] = (damaged[at] ?? 0) ^ (seed * 37);
        const outcome = await decodeAudio(damaged, name).catch((error: unknown) => error);
        if (!(outcome instanceof Int16Array)) expect(outcome).toMatchObject({ name: 'UnrollError' });
      }
    },
  );
});
