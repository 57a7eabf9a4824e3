import { expect, it } from 'vitest';
import { findRate, suggestionOf } from '../../../engine/training/findRate';
import { input, store } from './tinyRun';

it('the rate is raised from step to step', async () => {
  const { points, suggestion } = await findRate(input, { steps: 60, lowest: 1e-5, highest: 1 });
  expect(points[0]!.learningRate).toBe(1e-5);
  for (let k = 1; k < points.length; k++)
    expect(points[k]!.learningRate / points[k - 1]!.learningRate).toBeCloseTo(1e5 ** (1 / 59), 6);
  expect(suggestion).toBeGreaterThan(1e-4);
  expect(suggestion).toBeLessThan(1);
});

it('it ends where the loss is no more finite', async () => {
  let count = 0;
  const example: typeof store.example = (utterance, seed) => {
    const whole = store.example(utterance, seed);
    return count++ < 20 ? whole : { ...whole, features: whole.features.map(() => NaN) };
  };
  const { points } = await findRate({ ...input, training: { ...store, example } });
  expect(points).toHaveLength(5);
});

it('somebody may have seen enough', async () => {
  const { points } = await findRate(input, { isEnough: () => true });
  expect(points).toEqual([]);
});

it('suggests the rate where the smoothed loss falls most, and none where it does not fall', () => {
  const rates = Array.from({ length: 60 }, (_, k) => 10 ** (-6 + k / 10));
  const valley = rates.map((learningRate, k) => ({ learningRate, loss: 2 - 1 / (1 + Math.exp(-(k - 30) / 2)) }));
  const found = Math.log10(suggestionOf(valley)!);
  expect(found).toBeGreaterThan(-3.2);
  expect(found).toBeLessThan(-1.5);
  expect(suggestionOf(rates.map((learningRate) => ({ learningRate, loss: 2 })))).toBeNull();
  expect(suggestionOf(rates.map((learningRate, k) => ({ learningRate, loss: 1 + k })))).toBeNull();
  expect(suggestionOf([])).toBeNull();
});
