import { describe, expect, it } from 'vitest';
import { averageDecayAt, averageStep, updateStep } from '../../../engine/training/optimiser';
import type { OptimizerSettings } from '../../../app/contract/trainingConfig';
import type { Slot } from '../../../engine/training/trainingRule';
import { expectClose, readReference } from '../network/fixtures';

interface Walk {
  readonly lr: number;
  readonly momentum?: number;
  readonly weightDecay?: number;
  /** [steps][3] */
  readonly trajectory: number[][];
}
const walks = readReference<Record<'adam' | 'adamw' | 'sgdMomentum' | 'rmsprop', Walk>>('optimizers');

describe.each<readonly [OptimizerSettings, Walk]>([
  [{ kind: 'sgd', momentum: walks.sgdMomentum.momentum! }, walks.sgdMomentum],
  [{ kind: 'rmsprop', squareDecay: 0.99 }, walks.rmsprop],
  [{ kind: 'adam' }, walks.adam],
  [{ kind: 'adamw', weightDecay: walks.adamw.weightDecay! }, walks.adamw],
])('$kind', (optimizer, { lr, trajectory }) => {
  it('walks as PyTorch does', () => {
    // The reference's objective: Σ a·p² with a = [1, 3, 0.1], from p = [1, −2, 0.5].
    const factors = [1, 3, 0.1];
    const values = Float64Array.of(1, -2, 0.5);
    const slots = new Map<Slot, Float64Array>();
    const slot = (name: Slot): Float64Array => {
      const kept = slots.get(name) ?? new Float64Array(3);
      slots.set(name, kept);
      return kept;
    };
    const walked = trajectory.map((_unused, k) => {
      const gradient = values.map((value, i) => 2 * factors[i]! * value);
      updateStep(optimizer, values, gradient, slot, { learningRate: lr, step: k + 1 });
      return [...values];
    });
    expectClose(walked.flat(), trajectory.flat(), 1e-8);
  });
});

describe('the running average of the weights', () => {
  it('takes the share of the new values that the decay leaves', () => {
    const average = Float64Array.of(1, -2);
    averageStep(average, Float64Array.of(2, 2), 0.75);
    expect([...average]).toEqual([1.25, -1]);
  });
  it('starts with a small decay and comes to its own', () => {
    expect(averageDecayAt(0.999, 1)).toBeCloseTo(2 / 11, 12);
    expect(averageDecayAt(0.999, 90)).toBeCloseTo(0.91, 12);
    expect(averageDecayAt(0.999, 100_000)).toBe(0.999);
  });
});
