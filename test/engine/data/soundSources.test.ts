import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { augmentationSchema } from '../../../app/contract/trainingConfig';
import { writeWav } from '../../../app/audio/wav';
import { toFloat } from '../../../app/audio/samples';
import { disturbedCopies, meanPower, NO_SOURCES } from '../../../engine/data/augment';
import { copiesKey, copiesOf } from '../../../engine/data/clipCopies';
import { DataSets } from '../../../engine/data/dataSets';
import { readSources, soundFilesOf, sourcesOf } from '../../../engine/data/soundSources';
import { makeRandom } from '../../../engine/runtime/random';
import { temporaryFolder } from '../temporary';
import { tone } from './importers/tree';

const PLAIN = augmentationSchema.parse({
  copies: 2,
  speed: [1, 1],
  gainDb: [0, 0],
  noiseChance: 0,
  silenceMs: [0, 0],
});
const clip = Int16Array.from({ length: 8000 }, (_, n) => 4000 * Math.sin(n / 5));
const second = (augmentation: Partial<typeof PLAIN>, sources = NO_SOURCES): Float32Array =>
  toFloat(disturbedCopies(clip, { ...PLAIN, ...augmentation }, makeRandom(3), sources)[1]!);
const difference = (a: Float32Array, b: Float32Array): Float32Array => a.map((value, n) => value - b[n]!);

describe('noise of the person’s own', () => {
  it('is added at the ratio that is asked for, gone through again where it is shorter than the clip', async () => {
    const noises = [Float32Array.from({ length: 1000 }, (_, n) => Math.sin(n / 3))];
    const noisy = second({ noiseChance: 1, noiseSnrDb: [12, 12] }, { ...NO_SOURCES, noises, key: 'a' });
    const added = difference(noisy, second({}));
    expect(10 * Math.log10(meanPower(toFloat(clip)) / meanPower(added))).toBeCloseTo(12, 1);
    const repeated = added.subarray(1000).map((value, n) => value - added[n]!);
    expect(meanPower(repeated) / meanPower(added)).toBeLessThan(1e-3);
  });

  it('is another for another seed, and the same for the same', () => {
    const noises = [1, 2, 3].map((seed) => {
      const random = makeRandom(seed);
      return Float32Array.from({ length: 9000 }, () => random() - 0.5);
    });
    const noisy = (seed: number) =>
      disturbedCopies(clip, { ...PLAIN, noiseChance: 1 }, makeRandom(seed), { ...NO_SOURCES, noises, key: 'a' })[1]!;
    expect(noisy(1)).toEqual(noisy(1));
    expect(noisy(1)).not.toEqual(noisy(2));
  });
});

describe('pitch and rooms', () => {
  it('change a copy only where they are wanted', () => {
    const plain = second({});
    expect(difference(plain, toFloat(clip)).every((value) => Math.abs(value) < 1e-4)).toBe(true);
    expect(second({ pitchSemitones: [3, 3] })).not.toEqual(plain);
    expect(second({ reverbChance: 1 })).not.toEqual(plain);
  });

  it('leave what was drawn without them as it was', () => {
    const usual = augmentationSchema.parse({});
    expect(copiesKey(usual, NO_SOURCES)).toEqual({
      count: 4,
      speed: [0.88, 1.14],
      gainDb: [-18, 6],
      noiseSnrDb: [8, 40],
      noiseChance: 0.6,
      silenceMs: [0, 250],
    });
    expect(copiesKey({ ...usual, edgeCutMs: [0, 40] }, NO_SOURCES)).toMatchObject({ edgeCutMs: [0, 40] });
    expect(copiesKey({ ...usual, faintEdgeChance: 1 }, NO_SOURCES)).toMatchObject({ edgeLevelDb: [9, 30] });
    expect(copiesKey({ ...usual, reverbChance: 0.5 }, NO_SOURCES)).toMatchObject({ reverbChance: 0.5, key: null });
  });

  it('take the response of a file for the room', () => {
    const response = new Float32Array(101);
    [response[0], response[100]] = [1, 1];
    const wet = second({ reverbChance: 1 }, { key: 'a', noises: [], responses: [response] });
    const echo = clip.map((value, n) => value + (n < 100 ? 0 : clip[n - 100]!));
    const factor = Math.sqrt(meanPower(toFloat(clip)) / meanPower(toFloat(echo)));
    for (const n of [50, 150, 7000]) expect(wet[n]).toBeCloseTo((factor * echo[n]!) / 32_768, 3);
  });

  it('are drawn by the content of a recording', async () => {
    const bytes = writeWav(clip, 16_000);
    const augmentation = { ...PLAIN, noiseChance: 1 };
    const copies = (content: Uint8Array, seed: number) =>
      copiesOf({ bytes: content, name: 'a.wav' }, augmentation, { seed, sources: NO_SOURCES });
    expect(await copies(bytes, 1)).toEqual(await copies(bytes, 1));
    expect((await copies(bytes, 1))[1]).not.toEqual((await copies(bytes, 2))[1]);
  });
});

describe('sounds to draw from', () => {
  it('are those of a folder, with a key of their content', async () => {
    const folder = await temporaryFolder();
    await fs.mkdir(join(folder, 'street'));
    await fs.writeFile(join(folder, 'street', 'a.wav'), tone(0.5));
    await fs.writeFile(join(folder, 'b.wav'), tone(0.25));
    const read = async () => readSources({ noises: await soundFilesOf(folder), responses: [] });
    const sources = await read();
    expect(sources.noises.map(({ length }) => length)).toEqual([4000, 8000]);
    expect((await read()).key).toBe(sources.key);
    await fs.writeFile(join(folder, 'b.wav'), tone(0.25, 500));
    expect((await read()).key).not.toBe(sources.key);
  });

  it('are none where none are named, and an error where a folder has none', async () => {
    expect(await readSources({ noises: await soundFilesOf(null), responses: [] })).toBe(NO_SOURCES);
    const folder = await temporaryFolder();
    await expect(soundFilesOf(folder)).rejects.toMatchObject({ code: 'dataset.noSound' });
    await fs.writeFile(join(folder, 'a.wav'), 'no sound');
    const files = await soundFilesOf(folder);
    await expect(readSources({ noises: files, responses: [] })).rejects.toMatchObject({ code: 'audio.unreadable' });
  });

  it('are those of a data set, without what is left out', async () => {
    const root = await temporaryFolder();
    const sets = await DataSets.open(root);
    const { id } = await sets.create('Noise');
    for (const [clipName, isLeftOut] of [
      ['a.wav', false],
      ['b.wav', true],
    ] as const) {
      const row = { transcript: 'noise', speaker: null, corpus: null, device: null, isLeftOut };
      await sets.put(id, clipName, row, (path) => fs.writeFile(path, tone(0.5)));
    }
    const { noises, responses } = await sourcesOf(root, { noiseSet: id, responseSet: null });
    expect([noises.length, responses.length]).toEqual([1, 0]);
    await expect(sourcesOf(root, { noiseSet: 'none', responseSet: null })).rejects.toMatchObject({
      code: 'dataset.missing',
    });
  });
});
