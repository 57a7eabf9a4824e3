// Stacked frames as ordinary TensorFlow.js operations: see stack.ts for equations and letters. Only what can be differentiated
// on every backend: a strided slice cannot.
import type { Rank, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import type { NetworkSpec } from '../../app/contract/network';
import type { TensorFlow } from './portableBackend';
import { stepCount } from './stack';

/** x [T, N, D] → [⌈T / s⌉, N, k·D] */
export function stackFrames(tf: TensorFlow, spec: Pick<NetworkSpec, 'stack'>, x: Tensor3D): Tensor3D {
  if (spec.stack === undefined) return x;
  const { frames, step } = spec.stack;
  const [T, N, D] = x.shape;
  const steps = stepCount(spec, T);
  // Groups of s frames: place i·s + offset stands in group i + ⌊offset / s⌋.
  const groups = steps + Math.ceil(frames / step);
  const padded = tf.pad(x, [
    [frames - 1, groups * step - (frames - 1) - T],
    [0, 0],
    [0, 0],
  ]);
  const grouped = tf.reshape<Rank.R4>(padded, [groups, step, N, D]);
  const parts = Array.from({ length: frames }, (_, offset) => {
    const part = tf.slice<Rank.R4, Tensor4D>(
      grouped,
      [Math.floor(offset / step), offset % step, 0, 0],
      [steps, 1, N, D],
    );
    return tf.reshape<Rank.R3>(part, [steps, N, D]);
  });
  return tf.concat3d(parts, 2);
}
