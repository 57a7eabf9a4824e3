// Shared by the tests of networks: reference values by PyTorch, and small random networks.
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { HeadSpec, NetworkSpec } from '../../../app/contract/network';
import type { LabelledBatch } from '../../../engine/network/program';
import { makeRandom } from '../../../engine/runtime/random';

export const TOLERANCE = 1e-4;

export function readReference<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../fixtures/reference/${name}.json`, import.meta.url), 'utf8')) as T;
}

export type Nested = number | readonly Nested[];
const leaves = (values: Nested): number[] => (typeof values === 'number' ? [values] : values.flatMap(leaves));
export const flat = (values: Nested): Float32Array => Float32Array.from(leaves(values));
export function shapeOf(values: Nested): number[] {
  const shape: number[] = [];
  let inner: Nested | undefined = values;
  while (typeof inner === 'object') {
    shape.push(inner.length);
    inner = inner[0];
  }
  return shape;
}

export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = TOLERANCE): void {
  expect(actual.length).toBe(expected.length);
  let worst = 0;
  for (let k = 0; k < expected.length; k++) {
    const difference = Math.abs((actual[k] ?? NaN) - (expected[k] ?? NaN));
    worst = difference <= worst ? worst : difference; // also takes NaN
  }
  expect(worst).toBeLessThan(tolerance);
}

// Small networks
type LayerDirection = 'forward' | 'bidirectional';
export const ctcNetwork = (directions: readonly LayerDirection[], { dropout = 0 } = {}): NetworkSpec => ({
  inputSize: 5,
  layers: directions.map((direction, index) => ({ cell: 'lstm', units: 6 + index, direction })),
  dropout,
  head: { kind: 'ctc', classes: 5 },
});

function labelCount(kind: HeadSpec['kind'], length: number): number {
  if (kind === 'ctc') return Math.floor(length / 3);
  return kind === 'framewise' ? length : 1;
}

/** A random batch whose rows have `lengths` frames, padded to T with values that must not matter. */
export function makeBatch(spec: NetworkSpec, lengths: readonly number[], T: number, seed = 1): LabelledBatch {
  const N = lengths.length;
  const D = spec.inputSize;
  const features = new Float32Array(T * N * D).fill(7.5);
  const labels = lengths.map((length, row) => {
    const random = makeRandom(seed * 1000 + row);
    for (let t = 0; t < length; t++) {
      for (let d = 0; d < D; d++) features[(t * N + row) * D + d] = 2 * random() - 1;
    }
    const symbols = spec.head.classes - 1;
    const count = labelCount(spec.head.kind, length);
    return Int32Array.from({ length: count }, () => Math.floor(random() * symbols));
  });
  return { features, T, N, D, lengths: Int32Array.from(lengths), labels, rowWeights: new Float32Array(N).fill(1 / N) };
}

/** Rows of values [T, N, K] for one n. */
export const rowOf = (values: Float32Array, N: number, width: number, row: number, frames: number): number[] =>
  Array.from({ length: frames }, (_, t) => [
    ...values.subarray((t * N + row) * width, (t * N + row + 1) * width),
  ]).flat();
