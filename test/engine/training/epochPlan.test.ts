import { expect, it } from 'vitest';
import { batchOf, planEpoch, shapesOf } from '../../../engine/training/epochPlan';
import { config, input, store } from './tinyRun';

it('the shapes of a plan are those of the batches that it makes', () => {
  const plan = planEpoch(config, store, 0);
  const made = plan.batches.map((batch) => batchOf(store, input.spec, plan, batch, 1));
  expect(made.length).toBeGreaterThan(1);
  expect(shapesOf(store, plan, 0)).toEqual(made.map(({ T, N }) => ({ T, N })));
  expect(shapesOf(store, plan, 1)).toEqual(made.slice(1).map(({ T, N }) => ({ T, N })));
});

it('a curriculum goes from short to long in its first epochs, and is over then', () => {
  const lengths = (epoch: number): number[] => {
    const training = { ...config.training, curriculumEpochs: 2, batchFrames: 64, maxRows: 1 };
    const plan = planEpoch({ ...config, training }, store, epoch);
    return shapesOf(store, plan, 0).map(({ T }) => T);
  };
  const isRising = (values: readonly number[]): boolean =>
    // Lengths are disturbed by up to a tenth before they are sorted.
    values.every((length, k) => k === 0 || length * 1.2 >= values[k - 1]!);
  expect(new Set(lengths(0)).size).toBeGreaterThan(1);
  expect([lengths(0), lengths(1), lengths(2)].map(isRising)).toEqual([true, true, false]);
});
