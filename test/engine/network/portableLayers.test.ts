import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import { cellOf } from '../../../engine/cells/registry';
import { openPortableBackend, type PortableRung } from '../../../engine/network/portableBackend';
import { runLayers, timing, type CellStates } from '../../../engine/network/portableLayers';
import { expectClose } from './fixtures';
import { cellReference, REFERENCES, type CellReference } from './references';

/** Runs the reference's layers forward and, from its cotangent, back. */
async function runStack(reference: CellReference, rung: PortableRung) {
  const { T, N, D, layers, weights, initial, lengths } = reference;
  const backend = await openPortableBackend(rung);
  const names = [...weights.keys()];
  const prefixes = [...initial.keys()];
  return backend.tidy((tf) => {
    const states = prefixes.flatMap((prefix) =>
      cellOf(layers[0]!).states.map(({ size }, k) => tf.tensor2d(initial.get(prefix)![k]!, [N, size])),
    );
    const perCell = states.length / prefixes.length;
    const run = (x: Tensor, ...others: Tensor[]): Tensor => {
      const named = new Map(names.map((name, index) => [name, others[index]!]));
      const first = (prefix: string): CellStates => {
        const start = names.length + prefixes.indexOf(prefix) * perCell;
        return others.slice(start, start + perCell) as unknown as CellStates;
      };
      const options = { dropout: null, initial: first };
      return runLayers(tf, layers, x as Tensor3D, named, timing(tf, T, lengths), options);
    };
    const inputs = [
      tf.tensor3d(reference.input, [T, N, D]),
      ...[...weights.values()].map(({ shape, values }) => tf.tensor(values, [...shape])),
      ...states,
    ];
    const output = run(...(inputs as [Tensor, ...Tensor[]]));
    const gradients = tf.grads(run)(inputs, tf.tensor(reference.outputCotangent, output.shape));
    const [inputGradient, ...rest] = gradients.map((gradient) => gradient.dataSync() as Float32Array);
    return {
      output: output.dataSync() as Float32Array,
      inputGradient: inputGradient!,
      gradients: new Map(names.map((name, index) => [name, rest[index]!])),
      initialGradients: new Map(
        prefixes.map((prefix, k) => [prefix, rest.slice(names.length + k * perCell, names.length + (k + 1) * perCell)]),
      ),
    };
  });
}

const cases = (['native', 'wasm'] as const).flatMap((rung) => REFERENCES.map((name) => ({ rung, name })));

describe.each(cases)('$name on $rung', ({ rung, name }) => {
  const reference = cellReference(name);
  const result = runStack(reference, rung);

  test('outputs equal PyTorch', async () => expectClose((await result).output, reference.output));
  test('the input gradient equals PyTorch', async () =>
    expectClose((await result).inputGradient, reference.inputGradient));
  test('every parameter’s gradient equals PyTorch', async () => {
    const { gradients } = await result;
    expect([...gradients.keys()]).toEqual([...reference.gradients.keys()]);
    for (const [parameter, { values }] of reference.gradients) expectClose(gradients.get(parameter)!, values);
  });
  test('the first states’ gradients equal PyTorch where it has them', async () => {
    const { initialGradients } = await result;
    for (const [prefix, states] of reference.initialGradients)
      states.forEach((values, k) => expectClose(initialGradients.get(prefix)![k]!, values));
  });
});

test('outputs past a sequence’s end are exactly zero', async () => {
  const reference = cellReference('lstm-bi-padded');
  const { output } = await runStack(reference, 'wasm');
  const width = output.length / (reference.T * reference.N);
  const past = Array.from(output).filter((_, i) => {
    const row = Math.floor(i / width);
    return Math.floor(row / reference.N) >= reference.lengths[row % reference.N]!;
  });
  expect(new Set(past.map(Math.abs))).toEqual(new Set([0]));
});
