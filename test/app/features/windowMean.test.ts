import { describe, expect, it } from 'vitest';
import { subtractWindowMean } from '../../../app/features/windowMean';
import { someSettings } from './settingsFixture';

const COEFFICIENTS = 2;
const settings = (priorFrames: number) =>
  someSettings({
    coefficients: COEFFICIENTS,
    deltas: 1,
    normalisation: { kind: 'window-mean', mean: [0, 0, 0, 0], standardDeviation: [1, 1, 1, 1], priorFrames },
  });
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

  it('of no frame is none', () => {
    expect(subtracted([])).toEqual([]);
  });

  it('stays where the front end has another normalisation', () => {
    const frames = Float32Array.of(1, 2, 3, 4);
    subtractWindowMean(frames, { ...settings(0), normalisation: { kind: 'none' } });
    expect([...frames]).toEqual([1, 2, 3, 4]);
  });
});
