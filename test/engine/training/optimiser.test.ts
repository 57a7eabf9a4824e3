import { describe, expect, it } from 'vitest';
import { adamWStep, averageDecayAt, averageStep, clipFactor, globalNorm } from '../../../engine/training/optimiser';
import { expectClose, readReference, type Nested, flat } from '../network/fixtures';

interface ClippingReference {
  readonly grads: readonly Nested[];
  readonly maxNorm: number;
  readonly globalNorm: number;
  readonly clippedByNorm: Nested;
}
interface Trajectory {
  readonly lr: number;
  readonly weightDecay?: number;
  /** [steps][3] */
  readonly trajectory: number[][];
}
const optimizers = readReference<{ readonly adam: Trajectory; readonly adamw: Trajectory }>('optimizers');

describe('clipping by the global norm', () => {
  const reference = readReference<ClippingReference>('gradient-clipping');
  const gradients = reference.grads.map(flat);

  it('has the norm of all gradients together', () => {
    expect(globalNorm(gradients)).toBeCloseTo(reference.globalNorm, 6);
  });
  it('shrinks them as PyTorch does', () => {
    const factor = clipFactor(globalNorm(gradients), reference.maxNorm);
    expectClose(
      gradients.flatMap((gradient) => Array.from(gradient, (value) => value * factor)),
      flat(reference.clippedByNorm),
      1e-6,
    );
  });
  it('leaves small gradients alone', () => expect(clipFactor(0.5, 1)).toBe(1));
  it('can be switched off', () => expect(clipFactor(1e9, Infinity)).toBe(1));
});

describe.each([
  ['Adam', optimizers.adam],
  ['AdamW', optimizers.adamw],
])('%s', (_, { lr, weightDecay = 0, trajectory }) => {
  /** The reference's objective: Σ a·p² with a = [1, 3, 0.1], from p = [1, −2, 0.5]. */
  const factors = [1, 3, 0.1];
  const walk = (gradientFactor: number, steps: number): number[][] => {
    const values = Float64Array.of(1, -2, 0.5);
    const [moment1, moment2] = [new Float64Array(3), new Float64Array(3)];
    return Array.from({ length: steps }, (_unused, k) => {
      const gradient = values.map((value, i) => (2 * factors[i]! * value) / gradientFactor);
      adamWStep(values, gradient, moment1, moment2, { learningRate: lr, weightDecay, step: k + 1, gradientFactor });
      return [...values];
    });
  };

  it('walks as PyTorch does', () => {
    expectClose(walk(1, trajectory.length).flat(), trajectory.flat(), 1e-8);
  });
  it('multiplies the gradient by the clip factor first', () => {
    expectClose(walk(0.25, trajectory.length).flat(), trajectory.flat(), 1e-8);
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
