import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { networkSchema, type LayerSpec, type NetworkSpec } from '../../../app/contract/network';
import { describeNetwork } from '../../../engine/network/describe';
import { parameterCount } from '../../../engine/network/parameters';
import { STACKS } from './cellStacks';

const networkOf = (...layers: LayerSpec[]): NetworkSpec => ({
  inputSize: 123,
  layers,
  dropout: 0,
  head: { kind: 'ctc', classes: 62 },
});
/** The networks of Graves, Mohamed & Hinton 2013 on TIMIT: 123 inputs, 62 outputs, peepholes. */
const graves = (depth: number, units: number, direction: 'forward' | 'bidirectional'): NetworkSpec =>
  networkOf(...new Array<LayerSpec>(depth).fill({ cell: 'lstm', units, direction, peepholes: true }));
const ofLayer = (layer: LayerSpec) => describeNetwork(networkOf(layer)).layers[0]!;

describe('the counter', () => {
  test.each([
    [1, 250, 'bidirectional', 780_562],
    [3, 250, 'bidirectional', 3_787_562],
    [5, 250, 'bidirectional', 6_794_562],
    [1, 622, 'bidirectional', 3_793_018],
    [3, 421, 'forward', 3_786_957],
  ] as const)('gives the published size of %i layers of %i, %s', (depth, units, direction, parameters) => {
    expect(describeNetwork(graves(depth, units, direction)).parameters).toBe(parameters);
  });

  test('gives it for the example file too', () => {
    const file = new URL('../../../examples/graves-2013-1l-250h.json', import.meta.url);
    const spec = networkSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    expect(describeNetwork(spec).parameters).toBe(780_562);
  });

  test('shows an LSTM of four Elman layers and a GRU of three', () => {
    const [elman, lstm, gru] = (['elman', 'lstm', 'gru'] as const).map(
      (cell) => ofLayer({ cell, units: 250, direction: 'forward' }).parameters,
    );
    expect(lstm).toBe(4 * elman!);
    expect(gru).toBe((lstm! * 3) / 4);
  });

  test('counts only the weights that a Clockwork has', () => {
    const layer: LayerSpec = { cell: 'clockwork', units: 8, periods: [1, 2, 4, 8], direction: 'forward' };
    // four modules of two; recurrent blocks on and above the diagonal: 10 of 16, 4 weights each
    expect(ofLayer(layer).parameters).toBe(123 * 8 + 40 + 8);
    // each module hears the input and itself and slower ones, every period steps
    expect(ofLayer(layer).multiplyAddsPerStep).toBe(
      2 * ((123 + 8) / 1 + (123 + 6) / 2 + (123 + 4) / 4 + (123 + 2) / 8),
    );
  });

  test.each<[string, LayerSpec, number]>([
    [
      'gains',
      { cell: 'gru', units: 4, direction: 'forward', reset: 'before', layerNormalisation: true },
      // input, state, and a gain for each of three sums
      123 * 12 + 4 * 12 + 12,
    ],
    ['peepholes', { cell: 'lstm', units: 4, direction: 'forward', peepholes: true }, 123 * 16 + 4 * 16 + 3 * 4],
    [
      'a learned decay',
      { cell: 'scrn', units: 4, contextUnits: 3, direction: 'forward', decay: 'learned' },
      123 * 7 + 4 * 4 + 3 * 4 + 3,
    ],
  ])('counts %s among the multiply-adds', (_, layer, multiplyAdds) => {
    expect(ofLayer(layer).multiplyAddsPerStep).toBe(multiplyAdds);
  });

  test('counts by steps of several frames where frames are stacked', () => {
    const layer: LayerSpec = {
      cell: 'elman',
      units: 4,
      direction: 'forward',
      activation: 'relu',
      recurrentDropout: 0.2,
    };
    const described = describeNetwork({
      ...networkOf(layer),
      inputSize: 8,
      front: { bands: 8, convolutions: [{ filters: 2, frames: 3, bands: 3, pool: 2 }] },
      stack: { frames: 2, step: 3 },
    });
    // three frames of the convolution; the layer reads two frames of 4 bands and 2 filters
    const counts = [3 * 8 * 9 * 2, 0, 16 * 4 + 4 * 4, 4 * 62];
    expect(described.layers.map(({ multiplyAddsPerStep }) => multiplyAddsPerStep)).toEqual(counts);
    expect(described).toMatchObject({ framesPerStep: 3, multiplyAddsPerStep: 432 + 80 + 248 });
    expect(described.layers[2]!.options).toEqual(['activation relu', 'recurrentDropout 0.2']);
  });

  test('counts the vectors of an embedding, and the layer reads their size', () => {
    const text = { kind: 'letterNGrams', n: 3, known: ['#a#', '#b#'], maxPerWord: 16 } as const;
    const layer: LayerSpec = { cell: 'elman', units: 8, direction: 'forward' };
    const spec = networkSchema.parse({ ...networkOf(layer), inputSize: 3, text, embedding: { size: 5 } });
    const { parameters, layers } = describeNetwork(spec);
    expect(layers[0]).toMatchObject({
      name: 'embedding',
      parameters: 15,
      multiplyAddsPerStep: 80,
      shapes: { weights: [3, 5] },
    });
    expect(layers[1]).toMatchObject({ name: 'layer0', inputs: 5 });
    expect(parameters).toBe(parameterCount(spec));
  });

  test.each(STACKS)('agrees with the parameters: $name', ({ spec }) => {
    const { parameters, layers } = describeNetwork(spec);
    expect(parameters).toBe(parameterCount(spec));
    expect(layers.at(-1)!.inputs).toBe(layers.at(-2)!.outputs);
  });
  test('counts the convolutions in front and gives the layers what they hand up', () => {
    const { layers, parameters } = describeNetwork({
      inputSize: 8,
      front: { bands: 8, convolutions: [{ filters: 4, frames: 3, bands: 3, pool: 2 }] },
      layers: [{ cell: 'elman', units: 5, direction: 'forward' }],
      dropout: 0,
      head: { kind: 'framewise', classes: 2 },
    });
    expect(layers.map(({ name, inputs, outputs }) => [name, inputs, outputs])).toEqual([
      ['front0', 8, 16],
      ['layer0', 16, 5],
      ['head', 5, 2],
    ]);
    expect(layers[0]).toMatchObject({ parameters: 9 * 4 + 4, multiplyAddsPerStep: 8 * 9 * 4 });
    expect(parameters).toBe(40 + (16 + 5 + 1) * 5 + 6 * 2);
  });
});
