import { describe, expect, it } from 'vitest';
import { networkSchema } from '../../../app/contract/network';
import type { TorchCell } from '../../../app/contract/models';
import { fromTorch, headFromTorch } from '../../../engine/library/torchWeights';
import { readEverySafetensor, writeSafetensors } from '../../../engine/library/safetensors';
import type { ParameterSet } from '../../../engine/network/parameters';
import { flat, readReference, shapeOf, type Nested } from '../network/fixtures';
import { cellReference } from '../network/references';

/** The weights that PyTorch had, as its file has them. */
function stored(name: string, prefix = ''): Uint8Array {
  const { weights } = readReference<{ weights: Readonly<Record<string, Nested>> }>(name);
  const tensors = Object.entries(weights).map(([key, nested]) => ({
    name: prefix + key,
    shape: shapeOf(nested),
    values: flat(nested),
  }));
  return writeSafetensors(tensors, { dtype: 'F32' });
}
const cellOf = (name: string): TorchCell => {
  const [cell] = name.split('-');
  return cell === 'lstm' || cell === 'gru' ? cell : 'rnn';
};
const sorted = (set: ParameterSet) =>
  [...set].sort(([a], [b]) => a.localeCompare(b)).map(([name, { shape, values }]) => ({ name, shape, values }));

describe('a stack saved by PyTorch', () => {
  it.each(['lstm-bi-2layer', 'lstm-uni-1layer', 'gru-bi-2layer', 'gru-uni-2layer', 'elman-bi-2layer'])(
    'becomes the layers whose outputs are those of PyTorch: %s',
    (name) => {
      // These very parameters are those with which the reference's outputs are computed in the tests of the network.
      const { layers, weights, D } = cellReference(name);
      const stack = fromTorch(readEverySafetensor(stored(name, 'rnn.')), cellOf(name), 'stack.safetensors');
      expect(stack.inputSize).toBe(D);
      expect(stack.layers).toMatchObject(layers);
      expect(sorted(stack.parameters)).toEqual(sorted(weights));
    },
  );

  it('of another kind is refused, with the tensor that does not fit', () => {
    const lstm = readEverySafetensor(stored('lstm-uni-1layer'));
    expect(() => fromTorch(lstm, 'gru', 'stack.safetensors')).toThrow('weight');
    const without = new Map([...lstm].filter(([name]) => name !== 'weight_hh_l0'));
    expect(() => fromTorch(without, 'lstm', 'stack.safetensors')).toThrow('weight_hh_l0');
    expect(() => fromTorch(new Map(), 'lstm', 'stack.safetensors')).toThrow('weight_ih_l0');
  });

  it('has a linear layer above it, whose rows become columns', () => {
    const weight = { name: 'fc.weight', shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) };
    const network = networkSchema.parse({
      inputSize: 2,
      dropout: 0,
      layers: [{ cell: 'lstm', units: 3, direction: 'forward' }],
      head: { kind: 'ctc', classes: 2 },
    });
    const head = headFromTorch(new Map([[weight.name, weight]]), network, 'fc', 'stack.safetensors');
    expect([...(head.get('head.weights')?.values ?? [])]).toEqual([1, 4, 2, 5, 3, 6]);
    expect([...(head.get('head.bias')?.values ?? [])]).toEqual([0, 0]);
  });

  it('without biases has zeros for them', () => {
    const lstm = readEverySafetensor(stored('lstm-uni-1layer'));
    const bare = new Map([...lstm].filter(([name]) => !name.startsWith('bias')));
    const bias = fromTorch(bare, 'lstm', 'stack.safetensors').parameters.get('layer0.forward.bias');
    expect(bias?.values.every((value) => value === 0)).toBe(true);
  });
});
