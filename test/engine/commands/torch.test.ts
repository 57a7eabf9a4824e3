// unroll torch: a file as PyTorch saves it becomes a model that answers as PyTorch does.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RecogniserManifest } from '../../../app/contract/model';
import { networkSchema, type NetworkSpec } from '../../../app/contract/network';
import { torchCommand, type TorchOptions } from '../../../engine/commands/torch';
import { readModel, writeModel } from '../../../engine/library/modelFiles';
import { writeSafetensors } from '../../../engine/library/safetensors';
import { initialParameters } from '../../../engine/network/initialise';
import type { ParameterSet } from '../../../engine/network/parameters';
import { openPortableProgram } from '../../../engine/network/portable';
import { flat, readReference, shapeOf, type Nested } from '../network/fixtures';
import { cellReference } from '../network/references';
import { temporaryFolder } from '../temporary';
import { tinyManifest } from '../tinyModel';

afterEach(() => vi.restoreAllMocks());

/** A recogniser of as many features and classes as the reference has inputs and outputs. */
function likeReference(inputs: number, outputs: number): RecogniserManifest {
  const { frontEnd, network, ...tiny } = tinyManifest('forward');
  return {
    ...tiny,
    frontEnd: { ...frontEnd, coefficients: inputs, deltas: 0, normalisation: { kind: 'none' } },
    alphabet: {
      symbols: Array.from({ length: outputs - 1 }, (_, k) => String.fromCodePoint(0x61 + k)),
      wordSeparator: null,
      unknown: null,
    },
    network: { ...network, inputSize: inputs, head: { kind: 'ctc', classes: outputs } },
    card: { ...tiny.card, errors: [measured] },
  };
}
const NAMES = ['lstm-bi-2layer', 'gru-bi-2layer', 'elman-uni-2layer', 'lstm-uni-1layer'] as const;
const measured = {
  set: { en: 'a set', zh: '一个集' },
  measure: 'wer' as const,
  value: 0.1,
  utterances: 3,
  command: 'none',
  date: '2026-01-01',
};

/** The reference's weights under a linear layer that hands each output through. */
async function places(name: string) {
  const { weights } = readReference<{ weights: Readonly<Record<string, Nested>> }>(name);
  const { D, N, output, T } = cellReference(name);
  const outputs = output.length / (T * N);
  const tensors = Object.entries(weights).map(([key, nested]) => ({
    name: `rnn.${key}`,
    shape: shapeOf(nested),
    values: flat(nested),
  }));
  const identity = Float32Array.from({ length: outputs ** 2 }, (_, k) => Number(k % (outputs + 1) === 0));
  const head = { name: 'fc.weight', shape: [outputs, outputs], values: identity };
  const folder = await temporaryFolder();
  const file = join(folder, 'stack.safetensors');
  await fs.writeFile(file, writeSafetensors([...tensors, head], { dtype: 'F32' }));
  const like = join(folder, 'like');
  const manifest = likeReference(D, outputs);
  await writeModel(like, manifest, initialParameters(manifest.network, 1), { dtype: 'F32' });
  return { file, like, out: join(folder, 'from-torch') };
}
/** The model with the states that the reference's n-th sequence began with, which are no part of the file. */
function startedAs(
  name: string,
  n: number,
  network: NetworkSpec,
  parameters: ParameterSet,
): readonly [NetworkSpec, ParameterSet] {
  const started = new Map(parameters);
  for (const [prefix, states] of cellReference(name).initial)
    states.forEach((values, k) => {
      const state = `${prefix}.${k === 0 ? 'initialHidden' : 'initialCell'}`;
      const size = values.length / cellReference(name).N;
      started.set(state, { name: state, shape: [size], values: values.slice(n * size, (n + 1) * size) });
    });
  const layers = network.layers.map((layer) => ({ ...layer, initialState: 'learned' as const }));
  return [networkSchema.parse({ ...network, layers }), started];
}
/** [T, width] of [T, N, width]. */
const ofSequence = (
  values: Float32Array,
  n: number,
  { T, N, width }: { readonly T: number; readonly N: number; readonly width: number },
): Float32Array =>
  Float32Array.from({ length: T * width }, (_, k) => values[(Math.floor(k / width) * N + n) * width + (k % width)]!);
async function run(file: string, options: Omit<TorchOptions, 'head' | 'nonlinearity'>): Promise<string> {
  const said: string[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  await torchCommand(file, { head: 'fc', nonlinearity: 'tanh', ...options });
  return said.join('');
}

describe('unroll torch', () => {
  it.each(NAMES)('writes a model whose logits are what PyTorch answered: %s', async (name) => {
    const { file, like, out } = await places(name);
    const cell = name.startsWith('elman') ? 'rnn' : name.startsWith('gru') ? 'gru' : 'lstm';
    expect(await run(file, { cell, like, out })).toContain(`${name.endsWith('2layer') ? 2 : 1} layers of`);
    const { manifest, parameters } = await readModel(out);
    expect(manifest).toMatchObject({ id: 'from-torch', card: { errors: [], data: [], recipe: 'stack.safetensors' } });
    const { T, N, D, input, output } = cellReference(name);
    const width = output.length / (T * N);
    for (let n = 0; n < N; n++) {
      const [spec, started] = startedAs(name, n, manifest.network, parameters);
      const program = await openPortableProgram(spec, started, 'wasm');
      const features = ofSequence(input, n, { T, N, width: D });
      const logits = await program.logits({ features, T, N: 1, D, lengths: Int32Array.of(T) });
      program.dispose();
      const expected = ofSequence(output, n, { T, N, width });
      expect(logits).toHaveLength(expected.length);
      for (const [k, value] of expected.entries()) expect(Math.abs(logits[k]! - value)).toBeLessThan(1e-5);
    }
  });

  it('says which tensor does not fit, and writes nothing', async () => {
    const { file, like, out } = await places(NAMES[0]);
    await expect(run(file, { cell: 'gru', like, out })).rejects.toMatchObject({ code: 'model.torch' });
    await expect(run(`${file}.none`, { cell: 'lstm', like, out })).rejects.toMatchObject({ code: 'file.missing' });
    await expect(fs.access(out)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
