import { describe, expect, it } from 'vitest';
import { memoryCellSettings } from '../../../app/contract/labExperiments';
import { memoryCell } from '../../../engine/lab/memoryCell';

type Given = Record<string, unknown>;
const run = (settings: Given = {}) => memoryCell(memoryCellSettings.parse(settings)).steps;

describe('the memory cell by hand', () => {
  it('stores, keeps, shows and forgets as in the worked example', () => {
    const steps = run();
    expect(steps.map(({ cell }) => Math.round(cell))).toEqual([0, 3, 3, 7, 7, 7, 0, 6, 6]);
    expect(steps.map(({ output }) => Math.round(output))).toEqual([0, 0, 0, 0, 0, 7, 0, 0, 6]);
  });

  it('holds half of everything where a gate is held half open', () => {
    const [first, second] = run({
      inputs: [
        [4, 0, 0],
        [0, 0, 0],
      ],
      inputGate: 0.5,
      forgetGate: 0.5,
      outputGate: 0.5,
    });
    expect([first?.cell, first?.output, second?.cell, second?.output]).toEqual([2, 1, 1, 0.5]);
  });

  const SOFT = {
    inputs: [
      [1, 0.5, -1],
      [-0.5, 1, 0.3],
      [0.7, -1, 0.9],
    ],
    squash: 'tanh',
    weights: {
      input: [0.5, -0.3, 0.2, 0.1],
      inputGate: [0.2, 0.6, -0.4, 0.3],
      forgetGate: [-0.3, 0.1, 0.5, 1],
      outputGate: [0.4, -0.2, 0.3, -0.1],
    },
  };
  it.each([
    ['input', 'toInput'],
    ['inputGate', 'toInputGate'],
    ['forgetGate', 'toForgetGate'],
    ['outputGate', 'toOutputGate'],
  ] as const)('goes back to the weights of the %s as finite differences do', (name, field) => {
    const steps = run(SOFT);
    for (const k of [0, 1, 2, 3]) {
      const moved = (delta: number): number => {
        const weights = { ...SOFT.weights, [name]: SOFT.weights[name].map((w, at) => (at === k ? w + delta : w)) };
        return run({ ...SOFT, weights }).at(-1)!.output;
      };
      const whole = steps.reduce((sum, step, t) => sum + step[field] * [...SOFT.inputs[t]!, 1][k]!, 0);
      expect(whole).toBeCloseTo((moved(1e-6) - moved(-1e-6)) / 2e-6, 7);
    }
  });
});
