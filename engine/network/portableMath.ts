// A cell's arithmetic as ordinary TensorFlow.js operations, which differentiate themselves.
import type { Rank, Tensor2D } from '@tensorflow/tfjs';
import { unreachable } from '../../app/errors';
import type { Activation, CellMath } from '../cells/cell';
import { VARIANCE_FLOOR } from '../cells/layerNorm';
import type { TensorFlow } from './portableBackend';

/** On tensors [N, ·]; every result belongs to the caller's tidy. */
export function portableMath(tf: TensorFlow): CellMath<Tensor2D> {
  const squash = (kind: Activation, z: Tensor2D): Tensor2D => {
    switch (kind) {
      case 'sigmoid':
        return tf.sigmoid(z);
      case 'tanh':
        return tf.tanh(z);
      case 'relu':
        return tf.relu(z);
      default:
        return unreachable(kind);
    }
  };
  return {
    add: (a, b) => tf.add(a, b),
    multiply: (a, b) => tf.mul(a, b),
    scale: (a, factor) => tf.mul(a, factor),
    oneMinus: (a) => tf.sub(1, a),
    squash,
    standardise: (a, size) => {
      const blocks = tf.reshape<Rank.R2>(a, [-1, size]);
      const centred = tf.sub(blocks, tf.mean(blocks, 1, true));
      const variance = tf.mean(tf.square(centred), 1, true);
      return tf.reshape<Rank.R2>(tf.mul(centred, tf.rsqrt(tf.add(variance, VARIANCE_FLOOR))), a.shape);
    },
    softmax: (a) => tf.softmax(a),
    gates: (z, kinds) => tf.split<Tensor2D>(z, kinds.length, 1).map((block, index) => squash(kinds[index]!, block)),
    split: (a, sizes) => tf.split<Tensor2D>(a, [...sizes], 1),
    join: (parts) => tf.concat2d([...parts], 1),
  };
}
