import { describe, expect, it } from 'vitest';
import type { NetworkSpec } from '../../../app/contract/network';
import { initialParameters } from '../../../engine/network/initialise';
import { beginningFrom, checkFrozen, keptOf } from '../../../engine/training/fineTune';

const specOf = (layers: NetworkSpec['layers'], classes: number, inputSize = 3): NetworkSpec => ({
  inputSize,
  layers,
  dropout: 0,
  head: { kind: 'ctc', classes },
});
const lstm = { cell: 'lstm', units: 4, direction: 'forward' } as const;
const gru = { cell: 'gru', units: 4, direction: 'forward' } as const;
const oldSpec = specOf([lstm, gru], 4);
const old = { spec: oldSpec, labels: ['a', 'b', 'c'], parameters: initialParameters(oldSpec, 1) };
const columns = (values: Float32Array, classes: number, column: number): number[] =>
  [...values].filter((_, k) => k % classes === column);

describe('a network that begins with a model', () => {
  it('keeps everything where nothing else is learned', () => {
    const { parameters, ...kept } = beginningFrom(old, old, 2, 'old');
    expect(parameters).toEqual(old.parameters);
    expect(kept).toEqual({ layers: 2, classes: 4 });
  });

  it('keeps the layers, and of the head the columns of the symbols that both know and the blank', () => {
    const wanted = { spec: specOf([lstm, gru], 5), labels: ['c', 'é', 'a', 'x'] };
    const { parameters, ...kept } = beginningFrom(old, wanted, 2, 'old');
    expect(kept).toEqual({ layers: 2, classes: 3 });
    const fresh = initialParameters(wanted.spec, 2);
    const weightsOf = (set: typeof parameters) => set.get('head.weights')!.values;
    for (const [own, before] of [
      [0, 2],
      [2, 0],
      [4, 3],
    ] as const)
      expect(columns(weightsOf(parameters), 5, own)).toEqual(columns(weightsOf(old.parameters), 4, before));
    for (const own of [1, 3]) expect(columns(weightsOf(parameters), 5, own)).toEqual(columns(weightsOf(fresh), 5, own));
    expect(parameters.get('layer1.forward.inputWeights')).toEqual(old.parameters.get('layer1.forward.inputWeights'));
  });

  it('keeps the layers from the first on until one does not fit, and begins the head anew', () => {
    const wanted = { spec: specOf([lstm, { ...gru, units: 6 }], 4), labels: old.labels };
    const { parameters, ...kept } = beginningFrom(old, wanted, 2, 'old');
    expect(kept).toEqual({ layers: 1, classes: 0 });
    const fresh = initialParameters(wanted.spec, 2);
    expect(parameters.get('layer0.forward.inputWeights')).toEqual(old.parameters.get('layer0.forward.inputWeights'));
    expect(parameters.get('head.weights')).toEqual(fresh.get('head.weights'));
  });

  it('tells beforehand what will be kept', () => {
    const wanted = { spec: specOf([lstm, gru], 5), labels: ['c', 'é', 'a', 'x'] };
    expect(keptOf(old, wanted, 'old')).toEqual({ layers: 2, classes: 3 });
    const shorter = { spec: specOf([lstm], 4), labels: old.labels };
    expect(keptOf(old, shorter, 'old')).toEqual({ layers: 1, classes: 0 });
  });

  it('can only leave layers as they are that it has of a model', () => {
    const kept = { layers: 2, classes: 4 };
    for (const frozen of [0, 1, 2]) expect(() => checkFrozen(frozen, kept, 'old')).not.toThrow();
    expect(() => checkFrozen(0, null, '')).not.toThrow();
    expect(() => checkFrozen(3, kept, 'old')).toThrow('only 2 of old can be kept');
    expect(() => checkFrozen(1, null, '')).toThrow('begins with chance');
  });

  it.each([
    ['its first layer', specOf([gru, gru], 4)],
    ['what it hears', specOf([lstm, gru], 4, 6)],
    ['the frames that it stacks', { ...oldSpec, stack: { frames: 1, step: 2 } }],
  ])('is refused in a sentence where %s does not fit', (_, spec) => {
    expect(() => beginningFrom(old, { spec, labels: old.labels }, 2, 'old')).toThrow('The network of old');
  });
});
