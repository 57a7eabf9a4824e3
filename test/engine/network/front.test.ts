import { afterAll, describe, expect, it } from 'vitest';
import { networkSchema, type NetworkSpec } from '../../../app/contract/network';
import { VARIANCE_FLOOR } from '../../../engine/cells/layerNorm';
import { openCompiledProgram } from '../../../engine/network/compiled';
import { frontOutputSize } from '../../../engine/network/front';
import { initialParameters } from '../../../engine/network/initialise';
import type { ParameterSet } from '../../../engine/network/parameters';
import { openPortableProgram } from '../../../engine/network/portable';
import { openPortableBackend } from '../../../engine/network/portableBackend';
import { runFront } from '../../../engine/network/portableFront';
import type { NetworkProgram } from '../../../engine/network/program';
import { expectClose, makeBatch, rowOf } from './fixtures';

// Two channels of seven bands: both pools leave one band over. The second convolution is normalised.
const spec: NetworkSpec = {
  inputSize: 14,
  front: {
    bands: 7,
    convolutions: [
      { filters: 4, frames: 3, bands: 3, pool: 2 },
      { filters: 5, frames: 1, bands: 3, pool: 2, layerNormalisation: true },
    ],
  },
  layers: [{ cell: 'lstm', units: 6, direction: 'bidirectional' }],
  dropout: 0,
  head: { kind: 'ctc', classes: 5 },
};
const LENGTHS = [9, 4, 1, 7];
/** Gains and biases as after some learning, not all 1 and all 0. */
const parameters: ParameterSet = new Map(
  [...initialParameters(spec, 1)].map(([name, parameter]) => [
    name,
    /^front.*\.(gain|bias)$/.test(name)
      ? { ...parameter, values: parameter.values.map((value, at) => value + 0.3 * Math.sin(5 * at + 1)) }
      : parameter,
  ]),
);

const opened: NetworkProgram[] = [];
afterAll(() => opened.forEach((program) => program.dispose()));
const compiled = (): NetworkProgram => {
  const [program = openCompiledProgram(spec, parameters)] = opened;
  opened[0] = program;
  return program;
};

/** One convolution, normalised where it is, rectified and pooled, as its equation says: x[t][b][c]. */
function convolve(x: number[][][], layer: number): number[][][] {
  const { frames, bands, pool, filters, layerNormalisation = false } = spec.front!.convolutions[layer]!;
  const [weights, bias, gain] = ['weights', 'bias', 'gain'].map(
    (name) => parameters.get(`front${layer}.${name}`)?.values,
  );
  const channels = x[0]![0]!.length;
  const at = (t: number, b: number, k: number): number => {
    let sum = layerNormalisation ? 0 : bias![k]!;
    for (let i = 0; i < frames; i++)
      for (let j = 0; j < bands; j++)
        for (let c = 0; c < channels; c++)
          sum +=
            (x[t + i - (frames - 1) / 2]?.[b + j - (bands - 1) / 2]?.[c] ?? 0) *
            weights![((i * bands + j) * channels + c) * filters + k]!;
    return sum;
  };
  return x.map((frame, t) => {
    const sums = frame.map((_, b) => Array.from({ length: filters }, (_, k) => at(t, b, k)));
    const all = sums.flat();
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    const variance = all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length;
    const rectified = sums.map((values) =>
      values.map((value, k) =>
        Math.max(
          0,
          layerNormalisation ? (gain![k]! * (value - mean)) / Math.sqrt(variance + VARIANCE_FLOOR) + bias![k]! : value,
        ),
      ),
    );
    return Array.from({ length: Math.floor(frame.length / pool) }, (_, place) =>
      Array.from({ length: filters }, (_, k) =>
        Math.max(...Array.from({ length: pool }, (_, in_) => rectified[place * pool + in_]![k]!)),
      ),
    );
  });
}

describe('the convolutions in front', () => {
  it('give what their equation says', async () => {
    const { features, T, N, D, lengths } = makeBatch(spec, LENGTHS, 11);
    const backend = await openPortableBackend('wasm');
    const output = backend.tidy((tf) => {
      const tensors = new Map(
        [...parameters].map(([name, { shape, values }]) => [name, tf.tensor(values, [...shape])]),
      );
      return runFront(tf, spec, tf.tensor3d(features, [T, N, D]), lengths, tensors).dataSync() as Float32Array;
    });
    LENGTHS.forEach((length, row) => {
      const values = rowOf(features, N, D, row, length);
      const frames = Array.from({ length }, (_, t) =>
        Array.from({ length: 7 }, (_, b) => [0, 1].map((channel) => values[t * D + channel * 7 + b]!)),
      );
      expectClose(rowOf(output, N, frontOutputSize(spec), row, length), convolve(convolve(frames, 0), 1).flat(2), 1e-5);
    });
  });

  it('give the same losses, logits and gradients on the compiled and on the portable rung', async () => {
    const batch = makeBatch(spec, LENGTHS, 9);
    const portable = await openPortableProgram(spec, parameters, 'wasm');
    const [a, b] = [await compiled().gradients(batch), await portable.gradients(batch)];
    expect(a.loss).toBeCloseTo(b.loss, 4);
    expect([...a.gradients.keys()]).toEqual([...b.gradients.keys()]);
    for (const [name, { values }] of b.gradients) expectClose(a.gradients.get(name)!.values, values);
    expectClose(a.inputGradient, b.inputGradient);
    portable.dispose();
  });

  it('have the gradients that finite differences have', async () => {
    const batch = makeBatch(spec, LENGTHS, 9);
    const program = compiled();
    const { gradients } = await program.gradients(batch);
    const h = 5e-4;
    for (const name of ['front0.weights', 'front0.bias', 'front1.weights', 'front1.bias', 'front1.gain']) {
      const { shape, values } = parameters.get(name)!;
      const direction = values.map((_, at) => Math.sin(7 * at + 1));
      const lossAt = async (step: number): Promise<number> => {
        const moved = values.map((value, at) => value + step * direction[at]!);
        program.setParameters(new Map([...parameters, [name, { name, shape, values: moved }]]));
        return (await program.gradients(batch)).loss;
      };
      const slope = ((await lossAt(h)) - (await lossAt(-h))) / (2 * h);
      const along = gradients.get(name)!.values.reduce((sum, gradient, at) => sum + gradient * direction[at]!, 0);
      expect(along).toBeCloseTo(slope, 2);
    }
    program.setParameters(parameters);
  });

  it('hear nothing of the padding', async () => {
    const program = compiled();
    const [exact, padded] = [makeBatch(spec, LENGTHS, 9), makeBatch(spec, LENGTHS, 14)];
    expectClose(await program.losses(padded), await program.losses(exact), 1e-5);
    const [a, b] = [await program.gradients(exact), await program.gradients(padded)];
    for (const [name, { values }] of a.gradients) expectClose(b.gradients.get(name)!.values, values, 1e-5);
  });
});

describe('a front', () => {
  it.each([
    ['bands that do not divide the input', { ...spec.front!, bands: 5 }, 'front.bands'],
    ['a pool of more bands than are left', { ...spec.front!, bands: 2 }, 'front.convolutions.1.pool'],
  ])('of %s is refused', (_, front, path) => {
    const result = networkSchema.safeParse({ ...spec, front });
    expect(result.error?.issues[0]?.path.join('.')).toBe(path);
  });

  it('of a filter without a middle is refused', () => {
    const front = { bands: 7, convolutions: [{ filters: 4, frames: 2, bands: 3, pool: 1 }] };
    expect(networkSchema.safeParse({ ...spec, front }).success).toBe(false);
  });
});
