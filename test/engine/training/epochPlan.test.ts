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
