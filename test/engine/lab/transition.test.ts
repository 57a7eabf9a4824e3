import { describe, expect, it } from 'vitest';
import { transitionSettings } from '../../../app/contract/labExperiments';
import { transition } from '../../../engine/lab/transition';

const run = (settings: Record<string, unknown>) => transition(transitionSettings.parse(settings));

describe('one weight, a thousand steps', () => {
  it.each([0.99, 1, 1.01, -0.5])(
    'is a power of the weight for a linear unit, and so is its gradient (%d)',
    (weight) => {
      const { unit } = run({ weight, steps: 1000 });
      const relative = (got: number | null, wanted: number): number =>
        Math.abs((got as number) - wanted) / Math.max(Math.abs(wanted), Number.MIN_VALUE);
      for (const t of [1, 2, 10, 500, 1000]) {
        expect(relative(unit.values[t - 1]!, weight ** (t - 1))).toBeLessThan(1e-10);
        if (t > 1) expect(relative(unit.gradients[t - 1]!, (t - 1) * weight ** (t - 2))).toBeLessThan(1e-10);
      }
    },
  );

  it('comes to about 20,000 by a weight of 1.01, and to nothing by 0.99', () => {
    expect(run({ weight: 1.01 }).unit.values.at(-1)).toBeCloseTo(20_751.6, 0);
    expect(run({ weight: 0.99 }).unit.values.at(-1)).toBeLessThan(1e-4);
  });

  it.each(['sigmoid', 'tanh', 'relu'] as const)('has the gradient that finite differences have through %s', (unit) => {
    const [weight, delta] = [1.3, 1e-6];
    const { gradients } = run({ weight, steps: 20, unit }).unit;
    const values = (w: number) => run({ weight: w, steps: 20, unit }).unit.values;
    const [above, below] = [values(weight + delta), values(weight - delta)];
    gradients.forEach((gradient, t) =>
      expect(gradient).toBeCloseTo(((above[t] as number) - (below[t] as number)) / (2 * delta), 4),
    );
  });

  it('keeps the whole of what a cell stored while its forget gate stays open', () => {
    const { values } = run({ forgetGate: 1 }).memory;
    expect(values.every((value) => value === 1)).toBe(true);
  });

  it('says that a number is too large for one', () => {
    const { largest } = run({ weight: 2, steps: 2000 });
    expect(largest).toBeNull();
  });
});
