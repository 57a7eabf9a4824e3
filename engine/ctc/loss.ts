// Connectionist temporal classification: the loss of all alignments at once, with its gradient.
// Graves, Fernández, Gomez & Schmidhuber, "Connectionist Temporal Classification", ICML 2006.
//
// Letters: T frames, C classes, L labels; S = 2L + 1 states: the labels with a blank before, between and after.
import { checkLogits, logAdd, logSoftmax, type Logits } from './posteriors';

export interface CtcResult {
  /** −ln p(labels | logits), nats. */
  readonly loss: number;
  /** ∂loss/∂logits before log-softmax, [T, C]. */
  readonly gradient: Float64Array;
}

/** Frames that these labels need at least: one each, and a blank between equal neighbours. */
export function requiredFrames(labels: ArrayLike<number>): number {
  let frames = labels.length;
  for (let i = 1; i < labels.length; i++) if (labels[i] === labels[i - 1]) frames++;
  return frames;
}

/**
 * CTC loss and gradient of one sequence, in log space and double precision.
 *
 * @param logits [T, C] before softmax; values past frames × classes are ignored.
 * @param labels the text's classes without blanks; may be empty, then the loss is −Σ ln p(blank).
 * @throws RangeError where the labels do not fit into the frames (see requiredFrames) or are no classes: callers check.
 */
export function ctcLoss(
  logits: Logits,
  frames: number,
  classes: number,
  labels: ArrayLike<number>,
  blank: number,
): CtcResult {
  const { states, logProbabilities, alpha, beta, logLikelihood } = ctcLattice(logits, frames, classes, labels, blank);
  const S = states.length;

  // Eq. 16: ∂(−ln p)/∂u_k(t) = y_k(t) − Σ_{s: z_s = k} α_t(s)·β_t(s) / p, β without the frame's own probability.
  const gradient = logProbabilities.map(Math.exp);
  for (let t = 0; t < frames; t++) {
    for (let s = 0; s < S; s++) {
      const occupancy = Math.exp(alpha[t * S + s]! + beta[t * S + s]! - logLikelihood);
      gradient[t * classes + states[s]!]! -= occupancy;
    }
  }
  return { loss: -logLikelihood, gradient };
}

/** All alignments of labels with frames, summed up state by state. */
export interface CtcLattice {
  /** blank, l1, blank, l2, …, blank, as classes, [S] */
  readonly states: Int32Array;
  /** [T, C] */
  readonly logProbabilities: Float64Array;
  /** ln α and ln β, β without the frame's own probability, [T, S] */
  readonly alpha: Float64Array;
  readonly beta: Float64Array;
  /** ln p(labels | logits) */
  readonly logLikelihood: number;
}

/** Parameters and errors as ctcLoss. */
export function ctcLattice(
  logits: Logits,
  frames: number,
  classes: number,
  labels: ArrayLike<number>,
  blank: number,
): CtcLattice {
  checkLogits(logits, frames, classes);
  checkLabels(labels, frames, classes, blank);
  const logProbabilities = logSoftmax(logits, frames, classes);
  const states = statesOf(labels, blank);
  const alpha = forwardVariables(logProbabilities, frames, classes, states, blank);
  const beta = backwardVariables(logProbabilities, frames, classes, states, blank);
  const S = states.length;
  const end = (frames - 1) * S;
  const logLikelihood = frames === 0 ? 0 : logAdd(alpha[end + S - 1]!, S > 1 ? alpha[end + S - 2]! : -Infinity);
  return { states, logProbabilities, alpha, beta, logLikelihood };
}

function checkLabels(labels: ArrayLike<number>, frames: number, classes: number, blank: number): void {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (!Number.isInteger(label) || label < 0 || label >= classes || label === blank)
      throw new RangeError(`Expected labels to be classes other than the blank, but got ${label}`);
  }
  const needed = requiredFrames(labels);
  if (needed > frames) throw new RangeError(`Expected at least ${needed} frames for the labels, but got ${frames}`);
}

/** blank, l1, blank, l2, …, blank */
export function statesOf(labels: ArrayLike<number>, blank: number): Int32Array {
  const states = new Int32Array(2 * labels.length + 1).fill(blank);
  for (let i = 0; i < labels.length; i++) states[2 * i + 1] = labels[i]!;
  return states;
}

/** A label may be reached past the blank before it, unless the label before that is the same. */
export const canSkip = (states: Int32Array, s: number, blank: number): boolean =>
  s >= 2 && states[s] !== blank && states[s] !== states[s - 2];

/** ln α_t(s), eq. 6–7: all ways from the start to state s at frame t, that frame included. [T, S] */
function forwardVariables(
  logProbabilities: Float64Array,
  frames: number,
  classes: number,
  states: Int32Array,
  blank: number,
): Float64Array {
  const S = states.length;
  const alpha = new Float64Array(frames * S).fill(-Infinity);
  for (let t = 0; t < frames; t++) {
    for (let s = 0; s < S; s++) {
      let sum: number;
      if (t === 0) sum = s < 2 ? 0 : -Infinity;
      else {
        const previous = (t - 1) * S + s;
        sum = alpha[previous]!;
        if (s >= 1) sum = logAdd(sum, alpha[previous - 1]!);
        if (canSkip(states, s, blank)) sum = logAdd(sum, alpha[previous - 2]!);
      }
      alpha[t * S + s] = sum + logProbabilities[t * classes + states[s]!]!;
    }
  }
  return alpha;
}

/** ln β_t(s), eq. 9–10 without frame t's own probability: all ways from state s after frame t to the end. [T, S] */
function backwardVariables(
  logProbabilities: Float64Array,
  frames: number,
  classes: number,
  states: Int32Array,
  blank: number,
): Float64Array {
  const S = states.length;
  const beta = new Float64Array(frames * S).fill(-Infinity);
  const from = (t: number, s: number): number => beta[t * S + s]! + logProbabilities[t * classes + states[s]!]!;
  for (let t = frames - 1; t >= 0; t--) {
    for (let s = 0; s < S; s++) {
      let sum: number;
      if (t === frames - 1) sum = s >= S - 2 ? 0 : -Infinity;
      else {
        sum = from(t + 1, s);
        if (s + 1 < S) sum = logAdd(sum, from(t + 1, s + 1));
        if (s + 2 < S && canSkip(states, s + 2, blank)) sum = logAdd(sum, from(t + 1, s + 2));
      }
      beta[t * S + s] = sum;
    }
  }
  return beta;
}
