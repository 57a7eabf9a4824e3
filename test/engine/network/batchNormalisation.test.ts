// Convolutions with batch normalisation, against PyTorch in double precision: torch.nn.functional.conv2d, torch.nn.BatchNorm1d
// over the values of the frames that belong to a sequence, relu, max_pool2d.
import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { convolutionSchema, type NetworkSpec } from '../../../app/contract/network';
import { openCompiledProgram } from '../../../engine/network/compiled';
import { initialParameters } from '../../../engine/network/initialise';
import { frontOutputSize, frontParameters } from '../../../engine/network/front';
import { parameterCount, storedCount, type ParameterSet } from '../../../engine/network/parameters';
import { openPortableProgram } from '../../../engine/network/portable';
import { openPortableBackend } from '../../../engine/network/portableBackend';
import { runFront, type FrontTraining } from '../../../engine/network/portableFront';
import type { LabelledBatch, NetworkProgram } from '../../../engine/network/program';
import { USUAL_TRAINING } from '../../../engine/training/trainingRule';
import { expectClose, flat, makeBatch, readReference, rowOf, shapeOf, type Nested } from './fixtures';

interface Reference {
  readonly lengths: readonly number[];
  readonly bands: number;
  readonly pool: number;
  readonly input: Nested;
  readonly weights: Nested;
  readonly gain: Nested;
  readonly bias: Nested;
  readonly mean: Nested;
  readonly variance: Nested;
  /** With the batch's statistics. */
  readonly output: Nested;
  readonly outputCotangent: Nested;
  readonly inputGrad: Nested;
  readonly grads: Readonly<Record<string, Nested>>;
  /** What is measured, after this batch. */
  readonly meanAfter: Nested;
  readonly varianceAfter: Nested;
  /** With what is measured, after this batch. */
  readonly recognised: Nested;
}
const reference = readReference<Reference>('batch-normalised-front');
const [T = 0, N = 0, D = 0] = shapeOf(reference.input);
const [frames = 0, bands = 0, , filters = 0] = shapeOf(reference.weights);
const spec: NetworkSpec = {
  inputSize: D,
  front: {
    bands: reference.bands,
    convolutions: [{ filters, frames, bands, pool: reference.pool, normalisation: 'batch' }],
  },
  // Nothing above the front needs compiling.
  layers: [{ cell: 'feedForward', units: 4, activation: 'tanh' }],
  dropout: 0,
  head: { kind: 'ctc', classes: 4 },
};
const { weights, gain, bias, mean, variance } = reference;
const stored: Readonly<Record<string, Nested>> = { weights, gain, bias, mean, variance };
const front: ParameterSet = new Map(
  frontParameters(spec).map(({ name, shape }) => [
    name,
    { name, shape, values: flat(stored[name.replace('front0.', '')]!) },
  ]),
);
const parameters: ParameterSet = new Map([...initialParameters(spec, 1), ...front]);
const measured: ParameterSet = new Map([
  ...parameters,
  ['front0.mean', { name: 'front0.mean', shape: [filters], values: flat(reference.meanAfter) }],
  ['front0.variance', { name: 'front0.variance', shape: [filters], values: flat(reference.varianceAfter) }],
]);
const lengths = Int32Array.from(reference.lengths);
const batch: LabelledBatch = {
  ...{ features: flat(reference.input), T, N, D, lengths },
  labels: [Int32Array.of(1, 2), Int32Array.of(0), new Int32Array(0)],
  rowWeights: new Float32Array(N).fill(1 / N),
};

const opened: NetworkProgram[] = [];
const keep = (program: NetworkProgram): NetworkProgram => {
  opened.push(program);
  return program;
};
afterAll(() => opened.forEach((program) => program.dispose()));

/** Output and gradients of the front alone, of every frame that belongs to a sequence. */
async function throughFront(values: ParameterSet, training: FrontTraining | null) {
  const names = frontParameters(spec).map(({ name }) => name);
  const backend = await openPortableBackend('wasm');
  return backend.tidy((tf) => {
    const cotangent = tf.tensor(flat(reference.outputCotangent), [T, N, frontOutputSize(spec)]);
    const inputs: Tensor[] = [
      tf.tensor3d(batch.features, [T, N, D]),
      ...names.map((name) => tf.tensor(values.get(name)!.values, [...values.get(name)!.shape])),
    ];
    const run = (x: Tensor, ...tensors: Tensor[]): Tensor =>
      runFront(
        tf,
        spec,
        x as Tensor3D,
        lengths,
        new Map(names.map((name, index) => [name, tensors[index]!])),
        training,
      );
    const output = run(...(inputs as [Tensor, ...Tensor[]])).dataSync() as Float32Array;
    if (training === null) return { output, gradients: new Map<string, Float32Array>() };
    const gradients = tf.grads((...all) => tf.sum(tf.mul(run(...(all as [Tensor, ...Tensor[]])), cotangent)))(inputs);
    const values_ = gradients.map((gradient) => gradient.dataSync() as Float32Array);
    return { output, gradients: new Map(['input', ...names].map((name, index) => [name, values_[index]!])) };
  });
}

describe('batch normalisation', () => {
  it('gives in training what PyTorch gives, forward and backward', async () => {
    const training = { rowWeights: batch.rowWeights, measured: new Map<string, Float32Array>() };
    const { output, gradients } = await throughFront(parameters, training);
    expectClose(output, flat(reference.output));
    expectClose(gradients.get('input')!, flat(reference.inputGrad));
    for (const [name, values] of Object.entries(reference.grads))
      expectClose(gradients.get(`front0.${name}`)!, flat(values));
  });

  it('gives in recognition what PyTorch gives', async () => {
    const { output } = await throughFront(measured, null);
    expectClose(output, flat(reference.recognised));
  });

  it.each(['compiled', 'wasm'] as const)('measures what PyTorch measures, on the %s rung', async (rung) => {
    const rule = { ...USUAL_TRAINING, averageDecay: 0.99 };
    const program = keep(
      rung === 'compiled'
        ? openCompiledProgram(spec, parameters, rule)
        : await openPortableProgram(spec, parameters, rung, rule),
    );
    await program.trainStep(batch, { learningRate: 0.01, seed: 1 });
    const after = program.parameters();
    expectClose(after.get('front0.mean')!.values, flat(reference.meanAfter));
    expectClose(after.get('front0.variance')!.values, flat(reference.varianceAfter));
    // The average's first decay is 2/11: see averageDecayAt.
    const average = program.recognitionParameters().get('front0.mean')!.values;
    const before = flat(reference.mean);
    expectClose(
      average,
      flat(reference.meanAfter).map((value, k) => before[k]! + (9 / 11) * (value - before[k]!)),
    );
  });

  it('gives the same losses, logits, gradients and steps on the compiled and on the portable rung', async () => {
    const compiled = keep(openCompiledProgram(spec, parameters));
    const portable = keep(await openPortableProgram(spec, parameters, 'wasm'));
    const [a, b] = [await compiled.gradients(batch), await portable.gradients(batch)];
    expect(a.loss).toBeCloseTo(b.loss, 4);
    for (const [name, { values }] of b.gradients) expectClose(a.gradients.get(name)!.values, values);
    expectClose(a.inputGradient, b.inputGradient);
    expectClose(await compiled.logits(batch), await portable.logits(batch));
    for (const program of [compiled, portable]) await program.trainStep(batch, { learningRate: 0.01, seed: 1 });
    for (const [name, { values }] of portable.parameters())
      expectClose(compiled.parameters().get(name)!.values, values, 1e-3);
  });

  it('measures nothing of padding and of rows that only fill the batch', async () => {
    const program = keep(openCompiledProgram(spec, parameters));
    await program.trainStep(batch, { learningRate: 0.01, seed: 1 });
    const exact = program.parameters().get('front0.variance')!.values;
    const filled: LabelledBatch = {
      ...makeBatch(spec, [...lengths, 2], T + 3),
      labels: [...batch.labels, Int32Array.of(0)],
      rowWeights: Float32Array.of(...batch.rowWeights, 0),
    };
    for (let t = 0; t < T; t++)
      for (let row = 0; row < N; row++)
        filled.features.set(batch.features.subarray((t * N + row) * D, (t * N + row + 1) * D), (t * (N + 1) + row) * D);
    const other = keep(openCompiledProgram(spec, parameters));
    await other.trainStep(filled, { learningRate: 0.01, seed: 1 });
    expectClose(other.parameters().get('front0.variance')!.values, exact, 1e-5);
  });

  it('measures nothing in a step that is not finite', async () => {
    const program = keep(openCompiledProgram(spec, parameters));
    const broken = { ...batch, features: batch.features.map(() => NaN) };
    const { isSkipped } = await program.trainStep(broken, { learningRate: 0.01, seed: 1 });
    expect(isSkipped).toBe(true);
    expect(program.parameters().get('front0.mean')!.values).toEqual(flat(reference.mean));
  });

  it('hears each frame alike, whatever else is in the batch, once it has learned', async () => {
    const program = keep(openCompiledProgram(spec, measured));
    const alone = { ...batch, N: 1, lengths: lengths.slice(0, 1) };
    const features = Float32Array.from(rowOf(batch.features, N, D, 0, T));
    const together = await program.logits(batch);
    const classes = spec.head.classes;
    expectClose(await program.logits({ ...alone, features }), rowOf(together, N, classes, 0, T), 1e-5);
  });

  it('counts what it measures among what is stored, not among what is learned', () => {
    expect(storedCount(spec) - parameterCount(spec)).toBe(2 * filters);
  });

  it('is refused beside layer normalisation', () => {
    const both = { filters: 2, frames: 1, bands: 1, pool: 1, layerNormalisation: true, normalisation: 'batch' };
    expect(convolutionSchema.safeParse(both).error?.issues[0]?.path).toEqual(['normalisation']);
  });
});
