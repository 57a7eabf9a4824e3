// What is seen inside a network, against values that PyTorch computed, and against the network as it recognises.
import { describe, expect, test } from 'vitest';
import type { LayerSpec, NetworkSpec } from '../../../app/contract/network';
import { LOGITS } from '../../../engine/inspection/activations';
import { initialParameters } from '../../../engine/network/initialise';
import type { ParameterSet } from '../../../engine/network/parameters';
import { openPortableProgram } from '../../../engine/network/portable';
import { STACKS } from '../network/cellStacks';
import { expectClose, flat, makeBatch, readReference, rowOf, type Nested } from '../network/fixtures';
import { cellReference, TORCH_REFERENCES, WRITTEN_REFERENCES, type CellReference } from '../network/references';
import { record, type Recorded } from './recorded';

const outputsOf = ({ output, T, N }: CellReference): number => output.length / (T * N);

/** One row of a reference through our equations. The head is ours: the reference has none. */
async function recordRow(reference: CellReference, n: number): Promise<Recorded> {
  const { layers, T, N, D, input, initial, weights } = reference;
  const spec: NetworkSpec = { inputSize: D, layers: [...layers], dropout: 0, head: { kind: 'ctc', classes: 2 } };
  const parameters: ParameterSet = new Map([...initialParameters(spec, 1), ...weights]);
  const x = Float32Array.from(rowOf(input, N, D, n, T));
  return record(
    {
      spec,
      parameters,
      steps: T,
      initial: ({ index, direction }) =>
        initial.get(`layer${index}.${direction}`)!.map((values) => {
          const size = values.length / N;
          return values.slice(n * size, (n + 1) * size);
        }),
    },
    x,
  );
}
async function outputOf(recorded: Recorded, layers: readonly LayerSpec[]): Promise<Float32Array> {
  const top = layers.length - 1;
  const { cell, direction } = layers[top] as Exclude<LayerSpec, { cell: 'feedForward' }>;
  const names = cell === 'scrn' ? ['hidden', 'context'] : [cell === 'jordan' ? 'output' : 'hidden'];
  const sides = direction === 'bidirectional' ? (['forward', 'reverse'] as const) : (['forward'] as const);
  const parts = await Promise.all(sides.flatMap((side) => names.map((name) => recorded.activation(top, side, name))));
  const T = recorded.store.shape(LOGITS).rows;
  return Float32Array.from(
    Array.from({ length: T }, (_, t) =>
      parts.flatMap((part) => [...part.subarray((t * part.length) / T, ((t + 1) * part.length) / T)]),
    ).flat(),
  );
}

describe('activations of a whole sequence', () => {
  test.each([...TORCH_REFERENCES, ...WRITTEN_REFERENCES])('hand up what PyTorch computed: %s', async (name) => {
    const reference = cellReference(name);
    const { output, T, N, layers } = reference;
    for (let n = 0; n < N; n++) {
      const recorded = await recordRow(reference, n);
      expectClose(await outputOf(recorded, layers), rowOf(output, N, outputsOf(reference), n, T));
    }
  });

  test.each([
    ['lstm-peephole', ['inputGate', 'forgetGate', 'outputGate', 'candidate', 'cell']],
    ['gru-reset-before', ['resetGate', 'updateGate']],
    ['scrn', ['hidden', 'context']],
    ['jordan', ['hidden']],
  ])('are the very gates and memories that PyTorch computed: %s', async (name, activations) => {
    const stored = readReference<Record<string, Nested>>(name);
    const reference = cellReference(name);
    const { T, N } = reference;
    for (let n = 0; n < N; n++) {
      const recorded = await recordRow(reference, n);
      for (const activation of activations) {
        const expected = flat(stored[activation]!);
        expectClose(
          await recorded.activation(0, 'forward', activation),
          rowOf(expected, N, expected.length / (T * N), n, T),
        );
      }
    }
  });

  test.each(STACKS)('end in the logits that the network recognises by: $name', async ({ spec }) => {
    const parameters = initialParameters(spec, 3);
    const { features, T, N, D } = makeBatch(spec, [70], 70);
    const program = await openPortableProgram(spec, parameters, 'wasm');
    const logits = await program.logits({ features, T, N, D, lengths: Int32Array.of(T) });
    program.dispose();
    for (const rung of ['wasm', 'native'] as const) {
      const recorded = await record({ spec, parameters, steps: T }, features, rung);
      expectClose(await recorded.all(LOGITS), logits);
    }
  });

  test('are told of layer by layer, and stop where they are cancelled', async () => {
    const { spec } = STACKS.find(({ name }) => name.startsWith('lstm, two layers'))!;
    const parameters = initialParameters(spec, 3);
    const { features, T } = makeBatch(spec, [40], 40);
    const told: (number | null)[] = [];
    const fractions: number[] = [];
    await record(
      { spec, parameters, steps: T, onLayer: (layer) => told.push(layer), onProgress: (f) => fractions.push(f) },
      features,
    );
    expect(told).toEqual([...spec.layers.keys(), null]);
    expect(fractions.at(-1)).toBe(1);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(record({ spec, parameters, steps: T, signal }, features)).rejects.toThrow('enough');
  });
});
