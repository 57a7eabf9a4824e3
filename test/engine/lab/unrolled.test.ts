import { describe, expect, it } from 'vitest';
import { ARCHITECTURES, unrolledSettings } from '../../../app/contract/labExperiments';
import { unrolled } from '../../../engine/lab/unrolled';

const run = (settings: Record<string, unknown>) => unrolled(unrolledSettings.parse(settings));

describe('a network unrolled', () => {
  it('has seen no later input where it reads forwards', () => {
    const { inputGradients } = run({ architecture: 'lstm', outputStep: 2, inputs: [1, 1, 1, 1] });
    expect(inputGradients.map((gradient) => gradient > 0)).toEqual([true, true, false, false]);
  });

  it('has seen the whole input at every output where it reads in both directions', () => {
    for (const outputStep of [1, 3, 4]) {
      const { inputGradients } = run({ architecture: 'bidirectional', outputStep, inputs: [1, 1, 1, 1] });
      expect(inputGradients.every((gradient) => gradient > 0)).toBe(true);
    }
  });

  it.each(ARCHITECTURES)('begins with a0 and has values and gradients at every step: %s', (architecture) => {
    const { nodes } = run({ architecture });
    const first = nodes.filter(({ step }) => step === 0);
    expect(first.length).toBeGreaterThan(0);
    expect(first.every(({ values }) => values.every((value) => value === 0))).toBe(true);
    expect(new Set(nodes.map(({ step }) => step)).size).toBe(7);
    expect(nodes.every(({ values, gradients }) => values.length === gradients.length)).toBe(true);
  });

  it("opens one of GRU's gates as far as the other closes: what is kept and what is new are one whole", () => {
    const { nodes } = run({ architecture: 'gru', units: 1, inputs: [1, 0.5] });
    const at = (name: string, step: number): number =>
      nodes.find((node) => node.name === name && node.step === step)?.values[0] as number;
    const [z, candidate] = [at('updateGate', 2), at('candidate', 2)];
    expect(at('hidden', 2)).toBeCloseTo(z * at('hidden', 1) + (1 - z) * candidate, 12);
  });
});
