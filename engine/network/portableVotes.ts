// The votes of neighbouring steps as ordinary TensorFlow.js operations: see votes.ts for equation and letters.
import type { Tensor3D } from '@tensorflow/tfjs';
import type { HeadSpec } from '../../app/contract/network';
import type { TensorFlow } from './portableBackend';
import { isVoted } from './votes';

/**
 * @param logits [T, N, C]
 * @param lengths [N], in steps
 */
export function runVotes(tf: TensorFlow, head: HeadSpec, logits: Tensor3D, lengths: Int32Array): Tensor3D {
  const { voteSteps } = head;
  if (voteSteps === undefined) return logits;
  const [T, N] = logits.shape;
  const running = Float32Array.from({ length: T * N }, (_, at) =>
    Math.floor(at / N) < (lengths[at % N] as number) ? 1 : 0,
  );
  const mask = tf.tensor3d(running, [T, N, 1]);
  const voters = tf.maximum(aroundEach(tf, mask, voteSteps), 1);
  const voted = tf.tensor1d(Float32Array.from(isVoted(head), Number));
  const votes = tf.div<Tensor3D>(aroundEach(tf, tf.mul(logits, mask), voteSteps), voters);
  return tf.add(tf.mul<Tensor3D>(tf.mul(votes, mask), voted), tf.mul(logits, tf.sub(1, voted)));
}

/** Of x [T, N, C] the sum over `steps` steps around each; outside it x is 0. */
function aroundEach(tf: TensorFlow, x: Tensor3D, steps: number): Tensor3D {
  const before = (steps - 1) / 2;
  const padded = tf.pad(x, [
    [before, before],
    [0, 0],
    [0, 0],
  ]);
  return tf.addN(Array.from({ length: steps }, (_, offset) => tf.slice(padded, [offset, 0, 0], x.shape)));
}
