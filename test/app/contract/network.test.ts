import { describe, expect, test } from 'vitest';
import { isForwardOnly, networkSchema } from '../../../app/contract/network';

const networkOf = (...layers: unknown[]): unknown => ({
  inputSize: 3,
  layers,
  dropout: 0,
  head: { kind: 'ctc', classes: 4 },
});
const forward = { units: 6, direction: 'forward' };
const problem = (layer: unknown): string => {
  const issue = networkSchema.safeParse(networkOf(layer)).error?.issues[0];
  return `${issue?.path.join('.')}: ${issue?.message}`;
};

describe('a layer', () => {
  test.each([
    { cell: 'feedForward', units: 6, activation: 'relu' },
    { cell: 'elman', ...forward },
    { cell: 'jordan', ...forward, outputs: 3 },
    { cell: 'lstm', ...forward },
    { cell: 'gru', ...forward },
    { cell: 'clockwork', ...forward, periods: [1, 2, 4] },
    { cell: 'scrn', ...forward, contextUnits: 2 },
  ])('of $cell needs no more than this, and nothing is added to it', (layer) => {
    expect(networkSchema.parse(networkOf(layer))).toEqual(networkOf(layer));
  });

  test.each([
    [
      'an unknown cell',
      { cell: 'esn', units: 6 },
      "layers.0.cell: Invalid discriminator value. Expected 'feedForward' | 'elman' | 'jordan' | 'lstm' | 'gru'",
    ],
    ['a Clockwork of unequal modules', { cell: 'clockwork', ...forward, periods: [1, 2, 4, 8] }, 'layers.0.units: '],
    ['periods that do not rise', { cell: 'clockwork', ...forward, periods: [2, 1] }, 'layers.0.periods: '],
    ['a direction of a layer without memory', { cell: 'feedForward', ...forward, activation: 'tanh' }, 'layers.0: '],
    ['a setting of another cell', { cell: 'elman', ...forward, peepholes: true }, 'layers.0: '],
    ['dropout of everything', { cell: 'gru', ...forward, recurrentDropout: 1 }, 'layers.0.recurrentDropout: '],
    [
      'layer normalisation of a Clockwork',
      { cell: 'clockwork', ...forward, periods: [1, 2], layerNormalisation: true },
      'layers.0.layerNormalisation: reason.network.normalisedClockwork',
    ],
    [
      'layer normalisation of a unit alone',
      { cell: 'gru', ...forward, units: 1, layerNormalisation: true },
      'layers.0.layerNormalisation: reason.network.normalisedUnit',
    ],
    ['a decay above one', { cell: 'scrn', ...forward, contextUnits: 2, decay: 1.5 }, 'layers.0.decay: '],
  ])('is refused with its field: %s', (_, layer, says) => {
    expect(problem(layer)).toContain(says);
  });
});

test('a network listens frame by frame unless a layer reads in reverse', () => {
  const dense = { cell: 'feedForward', units: 6, activation: 'relu' };
  const spec = (direction: string) => networkSchema.parse(networkOf(dense, { cell: 'gru', units: 6, direction }));
  expect(isForwardOnly(spec('forward'))).toBe(true);
  expect(isForwardOnly(spec('bidirectional'))).toBe(false);
});
