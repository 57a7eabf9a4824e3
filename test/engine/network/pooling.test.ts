import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';
import type { HeadSpec } from '../../../app/contract/network';
import { DataType } from '../../../engine/graph/attributes';
import { FunctionLibrary } from '../../../engine/graph/functions';
import { Graph } from '../../../engine/graph/graph';
import { GraphSession } from '../../../engine/graph/session';
import { buildPooling } from '../../../engine/network/compiledPooling';
import { openPortableBackend } from '../../../engine/network/portableBackend';
import { pooled } from '../../../engine/network/portablePooling';
import { makeRandom } from '../../../engine/runtime/random';
import { readFloats, withHandles } from '../../../engine/runtime/tensors';
import { expectClose } from './fixtures';

// Letters: T steps, N sequences, I columns.
const [T, N, I] = [5, 3, 4];
const lengths = Int32Array.of(5, 1, 3);
const at = (t: number, n: number, i: number): number => (t * N + n) * I + i;

const random = makeRandom(1);
const x = Float32Array.from({ length: T * N * I }, () => 2 * random() - 1.5);
// Two steps have the largest value of a column; what stands past an end is larger than all.
x[at(1, 0, 0)] = x[at(3, 0, 0)] = 0.9;
for (let t = 1; t < T; t++) for (let i = 0; i < I; i++) x[at(t, 1, i)] = 7;
const cotangent = Float32Array.from({ length: N * I }, () => 2 * random() - 1);

type Kind = Exclude<HeadSpec['kind'], 'ctc' | 'framewise'>;
/** What every step of a column counts for. */
function sharesOf(kind: Kind, groups: number, n: number, i: number): number[] {
  const steps = Array.from({ length: lengths[n]! }, (_, t) => t);
  switch (kind) {
    case 'lastStep':
      return steps.map((t) => (t === (i < I / groups ? steps.length - 1 : 0) ? 1 : 0));
    case 'meanPool':
      return steps.map(() => 1 / steps.length);
    case 'maxPool': {
      const largest = Math.max(...steps.map((t) => x[at(t, n, i)]!));
      const isLargest = steps.map((t) => (x[at(t, n, i)] === largest ? 1 : 0) as number);
      const count = isLargest.reduce((sum, one) => sum + one, 0);
      return isLargest.map((one) => one / count);
    }
  }
}
function expected(kind: Kind, groups: number) {
  const output = new Float32Array(N * I);
  const gradient = new Float32Array(T * N * I);
  for (let n = 0; n < N; n++)
    for (let i = 0; i < I; i++)
      sharesOf(kind, groups, n, i).forEach((share, t) => {
        output[n * I + i]! += share * x[at(t, n, i)]!;
        gradient[at(t, n, i)] = share * cotangent[n * I + i]!;
      });
  return { output, gradient };
}

function compiled(kind: Kind, groups: number) {
  const graph = new Graph();
  const pass = buildPooling(graph, kind, {
    x: graph.placeholder('x', DataType.float),
    inputs: I,
    groups,
    lengths: graph.placeholder('lengths', DataType.int32),
  });
  graph.identity(pass.output, { name: 'output' });
  graph.identity(pass.backward(graph.placeholder('cotangent', DataType.float)), { name: 'gradient' });
  const session = new GraphSession(graph, new FunctionLibrary());
  const [output, gradient] = withHandles((scope) => {
    const inputs = {
      x: scope.shared([T, N, I], x),
      lengths: scope.shared([N], lengths),
      cotangent: scope.shared([1, N, I], cotangent),
    };
    return scope.ownAll(session.run(inputs, ['output', 'gradient'])).map(readFloats) as [Float32Array, Float32Array];
  });
  session.close();
  return { output, gradient };
}

async function portable(rung: 'native' | 'wasm', kind: Kind, groups: number) {
  const backend = await openPortableBackend(rung);
  return backend.tidy((tf) => {
    const pool = (given: Tensor): Tensor => pooled(tf, kind, given as Tensor3D, lengths, groups);
    const given = tf.tensor3d(x, [T, N, I]);
    const { value, grad } = tf.valueAndGrad((input: Tensor) =>
      tf.sum(tf.mul(pool(input), tf.tensor3d(cotangent, [1, N, I]))),
    )(given);
    value.dispose();
    return { output: pool(given).dataSync() as Float32Array, gradient: grad.dataSync() as Float32Array };
  });
}

const cases = (['lastStep', 'meanPool', 'maxPool'] as const).flatMap((kind) =>
  [1, 2].map((groups) => ({ kind, groups })),
);
describe.each(cases)('$kind over $groups readings', ({ kind, groups }) => {
  test.each(['compiled', 'native', 'wasm'] as const)('pools and hands back as it should: %s', async (rung) => {
    const result = rung === 'compiled' ? compiled(kind, groups) : await portable(rung, kind, groups);
    expectClose(result.output, expected(kind, groups).output, 1e-6);
    expectClose(result.gradient, expected(kind, groups).gradient, 1e-6);
  });
});

test('steps that share the largest value share its gradient', () => {
  const { gradient } = compiled('maxPool', 1);
  expect(gradient[at(1, 0, 0)]).toBe(gradient[at(3, 0, 0)]);
  expect(gradient[at(1, 0, 0)]).toBeCloseTo(cotangent[0]! / 2, 6);
});
