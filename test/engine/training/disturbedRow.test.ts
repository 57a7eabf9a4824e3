import { describe, expect, it } from 'vitest';
import { writeWav } from '../../../app/audio/wav';
import { augmentationSchema, trainingConfigSchema, type Augmentation } from '../../../app/contract/trainingConfig';
import { starterConfig } from '../../../app/starterConfig';
import { NO_SOURCES } from '../../../engine/data/augment';
import { FeatureCache } from '../../../engine/data/featureCache';
import { disturbRow } from '../../../engine/training/disturbedRow';
import { readClips } from '../../../engine/training/clips';
import { temporaryFolder } from '../temporary';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';

const pcm = Int16Array.from({ length: 16_000 }, (_, n) => (n > 4000 && n < 12_000 ? 6000 * Math.sin(n / 6) : n % 5));
const bytes = writeWav(pcm, 16_000);
const row = { path: 'a.wav', transcript: 'one', speaker: null, corpus: null, part: null, manifest: '', line: 2 };
const NOTHING = {
  copies: 1,
  tempo: [1, 1],
  vocalTract: [1, 1],
  channelShift: 0,
  frameNoise: 0,
  timeMasks: 0,
  coefficientMasks: 0,
} as const;
const disturb = (given: object, seed = 1) => {
  const augmentation: Augmentation = augmentationSchema.parse(given);
  return disturbRow(bytes, row, { augmentation, sources: NO_SOURCES, seed });
};

describe('a row as training would disturb it', () => {
  it('is the row itself where nothing disturbs it', async () => {
    const { pcm: sound, before, after, coefficients } = await disturb(NOTHING);
    expect(sound).toEqual(pcm);
    expect(coefficients).toBe(13);
    expect(before.length % 13).toBe(0);
    // Half of all examples have the front end's tail, which only adds frames of silence.
    const spoken = Math.min(before.length, after.length);
    expect(after.subarray(0, spoken - 13 * 4)).toEqual(before.subarray(0, spoken - 13 * 4));
  });

  it('is heard as the copies of a run are, of the same seed', async () => {
    const folder = await temporaryFolder();
    await fs.writeFile(join(folder, 'a.wav'), bytes);
    const config = trainingConfigSchema.parse({
      ...starterConfig(['one']),
      training: { epochs: 1, learningRate: 0.1, seed: 5 },
    });
    const alphabet = { symbols: ['e', 'n', 'o'], wordSeparator: null, unknown: null };
    const cache = new FeatureCache(join(folder, 'cache'));
    const labelled = { row: { ...row, path: join(folder, 'a.wav') }, labels: Int32Array.of(2, 1, 0) };
    const read = await readClips([labelled], { config, alphabet, cache, augmentation: config.augmentation });
    const { pcm: sound } = await disturb({}, 5);
    const frames = Math.floor((sound.length - 512) / 320) + 1;
    expect(Math.abs((read?.clips[0]?.copyFrames[1] ?? 0) - frames)).toBeLessThanOrEqual(1);
  });

  it('shows its masks', async () => {
    const masked = await disturb(
      { ...NOTHING, timeMasks: 8, timeMaskFrames: 100, coefficientMasks: 8, coefficientMaskWidth: 5 },
      2,
    );
    const zeros = (features: Float32Array): number => features.filter((value) => value === 0).length;
    expect(zeros(masked.before)).toBe(0);
    expect(zeros(masked.after)).toBeGreaterThan(masked.after.length / 10);
  });

  it('is the same for the same seed and another for another', async () => {
    const [first, again, other] = [await disturb({}, 1), await disturb({}, 1), await disturb({}, 2)];
    expect(again).toEqual(first);
    expect(other.pcm).not.toEqual(first.pcm);
    expect(other.after).not.toEqual(first.after);
  });

  it('of which no word can be written is shown all the same', async () => {
    const shown = await disturbRow(
      bytes,
      { ...row, transcript: '' },
      { augmentation: augmentationSchema.parse({}), sources: NO_SOURCES, seed: 1 },
    );
    expect(shown.after.length).toBeGreaterThan(0);
  });
});
