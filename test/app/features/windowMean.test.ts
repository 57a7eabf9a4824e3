import { describe, expect, it } from 'vitest';
import type { Normalisation } from '../../../app/features/settings';
import { subtractWindowMean } from '../../../app/features/windowMean';
import { someSettings } from './settingsFixture';

const COEFFICIENTS = 2;
const settings = (priorFrames: number) =>
  someSettings({
    coefficients: COEFFICIENTS,
    deltas: 1,
    normalisation: { kind: 'window-mean', mean: [0, 0, 0, 0], standardDeviation: [1, 1, 1, 1], priorFrames },
  });
const withWindow = (changes: { readonly meanShare: number }) => ({
  ...settings(0),
  normalisation: { ...settings(0).normalisation, ...changes } as Normalisation,
});
/** Two bands with deviations of 1 and 2 nats, after training means of 0 and 3. */
const ofBands = (values: readonly number[], changes: { meanShare?: number; floorNats?: number }): number[] => {
  const frames = Float32Array.from(values);
  const statistics = { mean: [0, 3], standardDeviation: [1, 2] };
  const normalisation = { kind: 'window-mean' as const, ...statistics, priorFrames: 0, ...changes };
  subtractWindowMean(frames, someSettings({ kind: 'log-mel', melBands: 2, coefficients: 2, normalisation }));
  return [...frames];
};
const subtracted = (values: readonly number[], priorFrames = 0): number[] => {
  const frames = Float32Array.from(values);
  subtractWindowMean(frames, settings(priorFrames));
  return [...frames];
};

describe('the mean of a window', () => {
  it('is taken from the static coefficients, not from their slopes', () => {
    expect(subtracted([1, 10, 5, 5, 3, 20, 6, 6])).toEqual([-1, -5, 5, 5, 1, 5, 6, 6]);
  });

  it('makes a constant shift of every frame vanish', () => {
    const plain = [1, 10, 0, 0, 3, 20, 0, 0, 2, 0, 0, 0];
    const shifted = plain.map((value, at) => value + ([7, -4][at % 4] ?? 0));
    expect(subtracted(shifted)).toEqual(subtracted(plain));
  });

  it('does not count frames that are far quieter than the loudest', () => {
    // 26 dB are 6 nats of mean log power: 6 · √26 ≈ 30.6 of c0.
    expect(subtracted([0, 10, 0, 0, -31, 90, 0, 0])).toEqual([0, 0, 0, 0, -31, 80, 0, 0]);
    expect(subtracted([0, 10, 0, 0, -30, 90, 0, 0])).toEqual([15, -40, 0, 0, -15, 40, 0, 0]);
  });

  it('is drawn to the training mean by prior frames', () => {
    expect(subtracted([4, 8, 0, 0, 4, 8, 0, 0], 2)).toEqual([2, 4, 0, 0, 2, 4, 0, 0]);
  });

  it('goes by its share, the level of cepstra whole', () => {
    const frames = Float32Array.of(1, 10, 5, 5, 3, 20, 6, 6);
    subtractWindowMean(frames, withWindow({ meanShare: 0.5 }));
    expect([...frames]).toEqual([-1, 2.5, 5, 5, 1, 12.5, 6, 6]);
  });

  it('of no frame is none', () => {
    expect(subtracted([])).toEqual([]);
  });

  it('stays where the front end has another normalisation', () => {
    const frames = Float32Array.of(1, 2, 3, 4);
    subtractWindowMean(frames, { ...settings(0), normalisation: { kind: 'none' } });
    expect([...frames]).toEqual([1, 2, 3, 4]);
  });
});

describe('the mean of bands', () => {
  it('takes the same level from every band, and a share of the rest', () => {
    // The mean lies at 4 and 2 · 1 = 2 nats: a level of 3, of which band 0 lies 1 above and band 1 lies 1 below.
    expect(ofBands([5, 1, 3, 1], { meanShare: 0 })).toEqual([2, -0.5, 0, -0.5]);
    expect(ofBands([5, 1, 3, 1], { meanShare: 0.5 })).toEqual([1.5, -0.25, -0.5, -0.25]);
    expect(ofBands([5, 1, 3, 1], { meanShare: 1 })).toEqual([1, 0, -1, 0]);
  });

  it('is taken after quieter bands are raised to the floor below the loudest', () => {
    // The loudest is band 1 at 3 + 2 · 3 = 9 nats; with a floor at 8 nats less nothing lies below 1, which is -1 in band 1.
    expect(ofBands([1, 3, -4, -2], { floorNats: 8 })).toEqual([0, 2, 0, -2]);
  });

  it('does not change with the level of the recording', () => {
    const frames = [2, 3, -9, -6, 0.5, 1];
    const louder = frames.map((value, at) => value + (at % 2 === 0 ? 4 : 2));
    expect(ofBands(louder, { floorNats: 6, meanShare: 0.5 })).toEqual(
      ofBands(frames, { floorNats: 6, meanShare: 0.5 }),
    );
  });
});
