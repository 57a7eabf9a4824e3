// The losses of a padded batch and their gradient, in double precision outside TensorFlow.
import type { NetworkSpec } from '../../app/contract/network';
import { unreachable } from '../../app/errors';
import { ctcLoss, type CtcResult } from '../ctc/loss';
import { logSoftmax } from '../ctc/posteriors';
import type { LabelledBatch } from './program';

export interface BatchLoss {
  /** Loss of each row without its weight, [N], nats. */
  readonly losses: Float64Array;
  /** Sum of rowWeights · losses. */
  readonly total: number;
  /** ∂total/∂logits, [T, N, C]; 0 past a sequence's end. */
  readonly gradient: Float32Array;
}

/** @param logits [T, N, C] before softmax; labels checked against lengths and classes. */
export function batchLoss(
  head: NetworkSpec['head'],
  logits: Float32Array,
  { T, N, lengths, labels, rowWeights }: LabelledBatch,
): BatchLoss {
  const C = head.classes;
  const losses = new Float64Array(N);
  const gradient = new Float32Array(T * N * C);
  let total = 0;
  for (let n = 0; n < N; n++) {
    const frames = lengths[n]!;
    const weight = rowWeights[n]!;
    const row = rowOf(logits, n, frames, N, C);
    const result = rowLoss(head, row, frames, labels[n]!);
    losses[n] = result.loss;
    if (weight === 0) continue;
    total += weight * result.loss;
    for (let t = 0; t < frames; t++)
      for (let k = 0; k < C; k++) gradient[(t * N + n) * C + k] = weight * result.gradient[t * C + k]!;
  }
  return { losses, total, gradient };
}

/** One row's logits, [frames, C]. */
function rowOf(logits: Float32Array, n: number, frames: number, N: number, C: number): Float32Array {
  const row = new Float32Array(frames * C);
  for (let t = 0; t < frames; t++) row.set(logits.subarray((t * N + n) * C, (t * N + n + 1) * C), t * C);
  return row;
}

function rowLoss(head: NetworkSpec['head'], logits: Float32Array, frames: number, labels: Int32Array): CtcResult {
  switch (head.kind) {
    case 'ctc':
      return ctcLoss(logits, frames, head.classes, labels, head.classes - 1);
    case 'framewise':
      return framewiseLoss(logits, frames, head.classes, labels);
    default:
      return unreachable(head.kind);
  }
}

/** Cross-entropy summed over the frames: −Σ ln p(label of the frame). */
function framewiseLoss(logits: Float32Array, frames: number, classes: number, labels: Int32Array): CtcResult {
  const logProbabilities = logSoftmax(logits, frames, classes);
  const gradient = logProbabilities.map(Math.exp);
  let loss = 0;
  for (let t = 0; t < frames; t++) {
    const at = t * classes + labels[t]!;
    loss -= logProbabilities[at]!;
    gradient[at]! -= 1;
  }
  return { loss, gradient };
}
