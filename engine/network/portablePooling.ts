// One vector for a sequence out of the last layer's outputs, as ordinary TensorFlow.js operations.
//
// Letters: T steps, N sequences, G groups of columns (the readings that a bidirectional layer puts side by side), H columns of
// each, I = G·H.
import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import type { HeadSpec } from '../../app/contract/network';
import { unreachable } from '../../app/errors';
import type { TensorFlow } from './portableBackend';

/**
 * What the head stands on: x [T, N, I] itself, or [1, N, I] where the head answers once.
 * @param groups G
 */
export function pooled(
  tf: TensorFlow,
  kind: HeadSpec['kind'],
  x: Tensor3D,
  lengths: Int32Array,
  groups: number,
): Tensor3D {
  const [T] = x.shape;
  switch (kind) {
    case 'ctc':
    case 'framewise':
      return x;
    case 'lastStep':
      return weightedSum(
        tf,
        x,
        groups,
        stepWeights(tf, T, lengths, groups, (t, length, group) => {
          const end = group === 0 ? length - 1 : 0;
          return t === end ? 1 : 0;
        }),
      );
    case 'meanPool':
      return weightedSum(
        tf,
        x,
        1,
        stepWeights(tf, T, lengths, 1, (t, length) => (t < length ? 1 / length : 0)),
      );
    case 'maxPool':
      return maximum(tf, x, lengths);
    default:
      return unreachable(kind);
  }
}

/** Two readings that were pooled side by side, [1, N, 2·H], added up: [1, N, H]. */
export function addedReadings(tf: TensorFlow, x: Tensor3D): Tensor3D {
  const [first, second] = tf.split(x, 2, 2) as [Tensor3D, Tensor3D];
  return tf.add(first, second);
}

/** [T, N, G, 1] */
function stepWeights(
  tf: TensorFlow,
  T: number,
  lengths: Int32Array,
  groups: number,
  weightOf: (t: number, length: number, group: number) => number,
): Tensor4D {
  const N = lengths.length;
  const weights = new Float32Array(T * N * groups);
  for (let t = 0; t < T; t++)
    for (let n = 0; n < N; n++)
      for (let group = 0; group < groups; group++)
        weights[(t * N + n) * groups + group] = weightOf(t, lengths[n]!, group);
  return tf.tensor4d(weights, [T, N, groups, 1]);
}

/** Σₜ weights · x */
function weightedSum(tf: TensorFlow, x: Tensor3D, groups: number, weights: Tensor4D): Tensor3D {
  const [T, N, inputs] = x.shape;
  const grouped = tf.reshape(x, [T, N, groups, inputs / groups]);
  return tf.reshape(tf.sum(tf.mul(grouped, weights), 0), [1, N, inputs]);
}

/** The largest value of every column; where several steps have it, they share the gradient. */
function maximum(tf: TensorFlow, x: Tensor3D, lengths: Int32Array): Tensor3D {
  const [T, N, inputs] = x.shape;
  const isInside = tf.squeeze(
    stepWeights(tf, T, lengths, 1, (t, length) => (t < length ? 1 : 0)),
    [3],
  );
  const largestOf = tf.customGrad((given, save) => {
    const inside = tf.where(tf.cast(isInside, 'bool'), given as Tensor, tf.fill(x.shape, -Infinity));
    const value = tf.max(inside, 0, true);
    const isLargest = tf.cast(tf.equal(inside, value), 'float32');
    (save as (kept: Tensor[]) => void)([tf.div(isLargest, tf.sum(isLargest, 0, true))]);
    return { value, gradFunc: (dy: Tensor, [share]: Tensor[]) => tf.mul(share!, dy) };
  });
  return tf.reshape(largestOf(x), [1, N, inputs]);
}
