// A cell's arithmetic as ordinary TensorFlow.js operations, which differentiate themselves.
import type { Tensor2D } from '@tensorflow/tfjs';
import { unreachable } from '../../app/errors';
import type { CellMath, GateKind } from '../cells/cell';
import type { TensorFlow } from './portableBackend';

/** On tensors [N, ·]; every result belongs to the caller's tidy. */
export function portableMath(tf: TensorFlow): CellMath<Tensor2D> {
  const squash = (z: Tensor2D, kind: GateKind): Tensor2D => {
    switch (kind) {
      case 'sigmoid':
        return tf.sigmoid(z);
      case 'tanh':
        return tf.tanh(z);
      default:
        return unreachable(kind);
    }
  };
  return {
    add: (a, b) => tf.add(a, b),
    multiply: (a, b) => tf.mul(a, b),
    tanh: (a) => tf.tanh(a),
    oneMinusSquare: (a) => tf.sub(1, tf.square(a)),
    timesOneMinus: (a) => tf.mul(a, tf.sub(1, a)),
    gates: (z, kinds) => tf.split<Tensor2D>(z, kinds.length, 1).map((block, index) => squash(block, kinds[index]!)),
    join: (parts) => tf.concat2d([...parts], 1),
  };
}
