import { expect, it } from 'vitest';
import { measureNormalisation, Normaliser } from '../../../app/features/normalise';

it('measures mean and deviation over all frames', () => {
  const { mean, standardDeviation } = measureNormalisation(
    [new Float32Array([1, 10, 3, 10]), new Float32Array([5, 10])],
    2,
  );
  expect(mean).toEqual([3, 10]);
  expect(standardDeviation[0]).toBeCloseTo(Math.sqrt(8 / 3), 10);
});

it('divides a dimension that never changes by 1', () => {
  expect(measureNormalisation([new Float32Array([2, 2, 2])], 1).standardDeviation).toEqual([1]);
});

it('measures nothing without frames', () => {
  expect(() => measureNormalisation([], 1)).toThrow('at least one frame');
});

it('brings the data it was measured on to mean 0 and deviation 1', () => {
  const frames = Float32Array.from({ length: 400 }, (_, n) => Math.sin(n * n) * 40 + 100);
  new Normaliser({ kind: 'training-statistics', ...measureNormalisation([frames], 4) }, 4).apply(frames);
  const after = measureNormalisation([frames], 4);
  for (const value of after.mean) expect(value).toBeCloseTo(0, 5);
  for (const value of after.standardDeviation) expect(value).toBeCloseTo(1, 5);
});

it('follows the signal with a running mean that starts at the training mean', () => {
  const a = Math.exp(-1 / 10);
  const normaliser = new Normaliser(
    { kind: 'running-mean', mean: [1], standardDeviation: [2], timeConstantFrames: 10 },
    1,
  );
  const frames = new Float32Array([5, 7]);
  normaliser.apply(frames);
  const first = a * 1 + (1 - a) * 5;
  expect(frames[0]).toBeCloseTo((5 - first) / 2, 6);
  expect(frames[1]).toBeCloseTo((7 - (a * first + (1 - a) * 7)) / 2, 6);
});

it('forgets the training mean in the end', () => {
  const normaliser = new Normaliser(
    { kind: 'running-mean', mean: [0], standardDeviation: [1], timeConstantFrames: 20 },
    1,
  );
  const frames = new Float32Array(400).fill(30);
  normaliser.apply(frames);
  expect(frames[399]).toBeCloseTo(0, 5);
});

it('leaves frames alone where the settings say none', () => {
  const frames = new Float32Array([1, 2]);
  new Normaliser({ kind: 'none' }, 2).apply(frames);
  expect([...frames]).toEqual([1, 2]);
});

it('refuses statistics of another dimension', () => {
  expect(() => new Normaliser({ kind: 'training-statistics', mean: [0], standardDeviation: [1] }, 2)).toThrow(
    '2 values',
  );
});
