import { describe, expect, it } from 'vitest';
import { reachSettings } from '../../../app/contract/labExperiments';
import { reach } from '../../../engine/lab/reach';

function norms(cell: string, settings: Record<string, unknown> = {}): number[] {
  const { curves } = reach(reachSettings.parse({ distance: 60, ...settings }));
  return (curves.find((curve) => curve.cell === cell)?.norms ?? []) as number[];
}

describe('how far gradients reach', () => {
  it('begins with the identity where the output is the state', () => {
    expect(norms('elman', { units: 9 })[0]).toBeCloseTo(3, 12);
  });

  it("vanishes for Elman's network", () => {
    expect(norms('elman').at(-1)).toBeLessThan(1e-9);
  });

  it('reaches further the wider the forget gate of an LSTM is open', () => {
    const far = [-2, 1, 4].map((forgetBias) => norms('lstm', { forgetBias }).at(-1) as number);
    expect(far[1]).toBeGreaterThan(1000 * far[0]!);
    expect(far[2]).toBeGreaterThan(1000 * far[1]!);
  });

  it('explodes for the LSTM too, where its recurrent weights are large', () => {
    expect(norms('lstm', { distance: 100 }).at(-1)).toBeLessThan(1);
    expect(norms('lstm', { distance: 100, scale: 4 }).at(-1)).toBeGreaterThan(1e6);
  });

  it('grows less where loud inputs drive the units to where they hardly change', () => {
    const grown = [0, 1].map((loudness) => norms('elman', { scale: 4, loudness }).at(-1) as number);
    expect(grown[1]).toBeLessThan(grown[0]! / 1e6);
  });

  it('gives every cell a finite norm at every distance', () => {
    for (const cell of ['elman', 'lstm', 'gru', 'clockwork', 'scrn'])
      expect(norms(cell).every((norm) => typeof norm === 'number')).toBe(true);
  });
});
