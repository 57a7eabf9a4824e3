import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { directionsOf } from '../../../engine/network/parameters';
import { openPortableBackend, type PortableRung } from '../../../engine/network/portableBackend';
import { runLayers, stepMasks, type LstmState } from '../../../engine/network/portableLayers';
import { expectClose, flat, fromTorch, layersOf, readReference, shapeOf, type RecurrentReference } from './fixtures';

/** Runs the reference's layers forward and, from its cotangent, back. */
async function runStack(reference: RecurrentReference, rung: PortableRung) {
  const backend = await openPortableBackend(rung);
  const layers = layersOf(reference);
  const [T = 0, N = 0, D = 0] = shapeOf(reference.input);
  const weights = fromTorch(reference.weights, layers, D, 'sum');
  const prefixes = layers.flatMap((layer, index) =>
    directionsOf(layer).map((direction) => `layer${index}.${direction}`),
  );
  return backend.tidy((tf) => {
    const state = (prefix: string): LstmState => {
      const values = (states: RecurrentReference['initialHidden']) =>
        tf.tensor2d(flat(states?.[prefixes.indexOf(prefix)] ?? new Array<number>(N * layers[0]!.units).fill(0)), [
          N,
          layers[0]!.units,
        ]);
      return { h: values(reference.initialHidden), c: values(reference.initialCell) };
    };
    const lengths = Int32Array.from(reference.lengths ?? new Array<number>(N).fill(T));
    const run = (x: Tensor, ...parameters: Tensor[]): Tensor => {
      const named = new Map([...weights.keys()].map((name, index) => [name, parameters[index]!]));
      return runLayers(tf, layers, x as Tensor3D, named, stepMasks(tf, T, lengths), { dropout: null, initial: state });
    };
    const inputs = [
      tf.tensor3d(flat(reference.input), [T, N, D]),
      ...[...weights.values()].map(({ shape, values }) => tf.tensor(values, [...shape])),
    ];
    const output = run(...(inputs as [Tensor, ...Tensor[]]));
    const gradients = tf.grads(run)(inputs, tf.tensor(flat(reference.outputCotangent), output.shape));
    const [inputGradient, ...rest] = gradients.map((gradient) => gradient.dataSync() as Float32Array);
    return {
      output: output.dataSync() as Float32Array,
      inputGradient: inputGradient!,
      gradients: new Map([...weights.keys()].map((name, index) => [name, rest[index]!])),
      expected: fromTorch(reference.grads, layers, D, 'first'),
    };
  });
}

const references = ['lstm-uni-1layer', 'lstm-uni-2layer', 'lstm-bi-1layer', 'lstm-bi-2layer', 'lstm-bi-padded'];
const cases = (['native', 'wasm'] as const).flatMap((rung) => references.map((name) => ({ rung, name })));

describe.each(cases)('$name on $rung', ({ rung, name }) => {
  const reference = readReference<RecurrentReference>(name);
  const result = runStack(reference, rung);

  test('outputs equal PyTorch', async () => expectClose((await result).output, flat(reference.output)));
  test('the input gradient equals PyTorch', async () =>
    expectClose((await result).inputGradient, flat(reference.inputGrad)));
  test('every parameter’s gradient equals PyTorch', async () => {
    const { gradients, expected } = await result;
    expect([...gradients.keys()]).toEqual([...expected.keys()]);
    for (const [parameter, { values }] of expected) expectClose(gradients.get(parameter)!, values);
  });
});

test('outputs past a sequence’s end are exactly zero', async () => {
  const reference = readReference<RecurrentReference>('lstm-bi-padded');
  const { output } = await runStack(reference, 'wasm');
  const [, N = 0, width = 0] = shapeOf(reference.output);
  const past = Array.from(output).filter((_, i) => {
    const row = Math.floor(i / width);
    return Math.floor(row / N) >= reference.lengths![row % N]!;
  });
  expect(new Set(past.map(Math.abs))).toEqual(new Set([0]));
});
