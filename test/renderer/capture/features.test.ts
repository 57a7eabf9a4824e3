import { describe, expect, test } from 'vitest';
import { resample } from '../../../app/audio/resample';
import { toFloat, toInt16 } from '../../../app/audio/samples';
import { extractFeatures } from '../../../app/features/frontEnd';
import { FeaturePipeline } from '../../../renderer/capture/featurePipeline';
import { builtWorker } from '../../../renderer/capture/trustedWorker';
import { openFeatureWorker } from '../../../renderer/capture/featureStream';
import { FRONT_END } from '../support/scriptedEngine';
import { testSound } from '../support/sound';

/** Everything that the worker made of a sound that came in pieces. */
async function throughWorker(samples: Float32Array, rateHz: number, pieceSamples: number) {
  const pcm: number[] = [];
  const frames: number[] = [];
  let failure: Error | null = null;
  const stream = openFeatureWorker(FRONT_END, {
    onChunk: (chunk) => {
      pcm.push(...chunk.pcm);
      frames.push(...chunk.frames);
    },
    onFailed: (error) => (failure = error),
  });
  for (let at = 0; at < samples.length; at += pieceSamples) stream.push(samples.slice(at, at + pieceSamples), rateHz);
  frames.push(...(await stream.finish()));
  stream.close();
  expect(failure).toBeNull();
  return { pcm: Int16Array.from(pcm), frames: Float32Array.from(frames) };
}

describe('features of what is captured', () => {
  test('are bit for bit those of the same sound read as a whole', async () => {
    const pcm = testSound(2);
    const heard = await throughWorker(toFloat(pcm), 16_000, 1_600);
    expect(heard.pcm).toEqual(pcm);
    expect(heard.frames).toEqual(extractFeatures(pcm, FRONT_END).frames);
  });

  test('do not depend on how the sound was cut', async () => {
    const sound = toFloat(testSound(1));
    const [a, b] = await Promise.all([throughWorker(sound, 16_000, 1_600), throughWorker(sound, 16_000, 37)]);
    expect(a).toEqual(b);
  });

  test('are those of the 16-bit sound at 16 kHz where the device has another rate', async () => {
    const at48 = resample(toFloat(testSound(1)), 16_000, 48_000);
    const heard = await throughWorker(at48.slice(), 48_000, 4_800);
    const pcm = toInt16(resample(at48, 48_000, 16_000));
    expect(heard.pcm).toEqual(pcm);
    expect(heard.frames).toEqual(extractFeatures(pcm, FRONT_END).frames);
  });

  test('go on when the device changes in the middle, and lose none of its sound', () => {
    const pipeline = new FeaturePipeline(FRONT_END);
    const chunks = [
      ...pipeline.push(new Float32Array(48_000), 48_000),
      ...pipeline.push(new Float32Array(16_000), 16_000),
      ...pipeline.finish().chunks,
    ];
    expect(chunks.reduce((sum, chunk) => sum + chunk.pcm.length, 0)).toBe(32_000);
  });
});

test.each(['/assets/index.js', 'https://example.invalid/worker.js', 'blob:x', 'data:text/javascript,1', ''])(
  'no worker is started from %j',
  (address) => {
    expect(() => builtWorker(address)).toThrow('Expected a worker of our own');
  },
);
