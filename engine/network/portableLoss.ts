// The losses of a padded batch and their gradient, in double precision outside TensorFlow.
import { answersEveryFrame, type HeadSpec } from '../../app/contract/network';
import { unreachable } from '../../app/errors';
import { ctcLoss, type CtcResult } from '../ctc/loss';
import { logSoftmax } from '../ctc/posteriors';
import type { LossSettings } from '../training/trainingRule';
import { orderLoss } from './orderLoss';
import type { LabelledBatch } from './program';

export interface BatchLoss {
  /** Loss of each row without its weight, [N], nats. */
  readonly losses: Float64Array;
  /** Sum of rowWeights · losses. */
  readonly total: number;
  /** ∂total/∂logits, as the logits; 0 past a sequence's end. */
  readonly gradient: Float32Array;
}

/** @param logits [T, N, C] before softmax, [1, N, C] where the head answers once; labels checked against lengths and classes. */
export function batchLoss(
  head: HeadSpec,
  logits: Float32Array,
  { T, N, lengths, labels, rowWeights }: LabelledBatch,
  settings: LossSettings,
): BatchLoss {
  const C = head.classes;
  const isFramewise = answersEveryFrame(head);
  const losses = new Float64Array(N);
  const gradient = new Float32Array((isFramewise ? T : 1) * N * C);
  let total = 0;
  for (let n = 0; n < N; n++) {
    const frames = isFramewise ? lengths[n]! : 1;
    const weight = rowWeights[n]!;
    const row = rowOf(logits, n, frames, N, C);
    const result = rowLoss(head, row, frames, labels[n]!, settings);
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

function rowLoss(
  { kind, classes }: HeadSpec,
  logits: Float32Array,
  frames: number,
  labels: Int32Array,
  settings: LossSettings,
): CtcResult {
  switch (kind) {
    case 'ctc':
      return smoothedCtcLoss(logits, frames, classes, labels, settings.labelSmoothing);
    case 'framewise':
      if (settings.order !== undefined) return orderLoss(logits, labels.subarray(0, frames), settings.order);
      return classLoss(logits, frames, classes, labels, settings);
    case 'lastStep':
    case 'meanPool':
    case 'maxPool':
      return classLoss(logits, frames, classes, labels, settings);
    default:
      return unreachable(kind);
  }
}

/** (1 − ε) of CTC and ε of every frame's cross-entropy against all classes alike. */
function smoothedCtcLoss(
  logits: Float32Array,
  frames: number,
  classes: number,
  labels: Int32Array,
  epsilon: number,
): CtcResult {
  const ctc = ctcLoss(logits, frames, classes, labels, classes - 1);
  if (epsilon === 0) return ctc;
  const uniform = crossEntropy(logits, frames, classes, () => 1 / classes);
  return {
    loss: (1 - epsilon) * ctc.loss + epsilon * uniform.loss,
    gradient: ctc.gradient.map((value, at) => (1 - epsilon) * value + epsilon * uniform.gradient[at]!),
  };
}

/** Cross-entropy against one label for every frame, summed over the frames. */
function classLoss(
  logits: Float32Array,
  frames: number,
  classes: number,
  labels: Int32Array,
  { labelSmoothing, classWeights }: LossSettings,
): CtcResult {
  return crossEntropy(logits, frames, classes, (t, k) => {
    const share = (labels[t] === k ? 1 - labelSmoothing : 0) + labelSmoothing / classes;
    return share * (classWeights?.[k] ?? 1);
  });
}

/** −Σ target · ln p over frames and classes. @param target of class k at frame t; a frame's need not sum to 1 */
function crossEntropy(
  logits: Float32Array,
  frames: number,
  classes: number,
  target: (t: number, k: number) => number,
): CtcResult {
  const logProbabilities = logSoftmax(logits, frames, classes);
  const gradient = new Float64Array(frames * classes);
  let loss = 0;
  for (let t = 0; t < frames; t++) {
    const targets = Array.from({ length: classes }, (_, k) => target(t, k));
    const sum = targets.reduce((total, value) => total + value, 0);
    for (let k = 0; k < classes; k++) {
      const at = t * classes + k;
      // 0 times the logarithm of nothing is nothing.
      if (targets[k] !== 0) loss -= targets[k]! * logProbabilities[at]!;
      gradient[at] = sum * Math.exp(logProbabilities[at]!) - targets[k]!;
    }
  }
  return { loss, gradient };
}
