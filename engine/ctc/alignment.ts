// The most probable alignment of a known text with its frames: Viterbi over the states of CTC (Graves et al. 2006, section 4).
import type { Emission } from './emission';
import { canSkip, requiredFrames, statesOf } from './loss';
import { logSoftmax, type Logits } from './posteriors';

/**
 * Where each label of a text is heard.
 *
 * @param logits [n, C] before softmax
 * @param labels classes without blanks, at least one; they must fit into the frames
 * @returns one emission per label, in order
 * @throws RangeError where the labels do not fit
 */
export function alignLabels(
  logits: Logits,
  n: number,
  classes: number,
  labels: ArrayLike<number>,
  blank: number,
): Emission[] {
  if (labels.length === 0 || requiredFrames(labels) > n)
    throw new RangeError(`Expected one to ${n} labels that fit into ${n} frames, but got ${labels.length}`);
  const logProbabilities = logSoftmax(logits, n, classes);
  const path = bestPath(logProbabilities, n, classes, statesOf(labels, blank), blank);
  return Array.from({ length: labels.length }, (_, index) => {
    const startFrame = path.indexOf(2 * index + 1);
    const endFrame = path.lastIndexOf(2 * index + 1) + 1;
    let sum = 0;
    for (let t = startFrame; t < endFrame; t++) {
      sum += Math.exp(logProbabilities[t * classes + (labels[index] as number)] as number);
    }
    return { classIndex: labels[index] as number, startFrame, endFrame, confidence: sum / (endFrame - startFrame) };
  });
}

/**
 * The state of every frame on the most probable way of at least one label.
 * @param logProbabilities [n, C]
 * @param states see statesOf, [S]
 */
export function bestPath(
  logProbabilities: Float64Array,
  n: number,
  classes: number,
  states: Int32Array,
  blank: number,
): Int32Array {
  const S = states.length;
  const from = new Int32Array(n * S);
  let scores = Float64Array.from(states, (k, s) => (s < 2 ? (logProbabilities[k] as number) : -Infinity));
  for (let t = 1; t < n; t++) {
    const next = new Float64Array(S);
    for (let s = 0; s < S; s++) {
      let source = s;
      if (s >= 1 && (scores[s - 1] as number) > (scores[source] as number)) source = s - 1;
      if (canSkip(states, s, blank) && (scores[s - 2] as number) > (scores[source] as number)) source = s - 2;
      from[t * S + s] = source;
      next[s] = (scores[source] as number) + (logProbabilities[t * classes + (states[s] as number)] as number);
    }
    scores = next;
  }
  const path = new Int32Array(n);
  path[n - 1] = (scores[S - 1] as number) > (scores[S - 2] as number) ? S - 1 : S - 2;
  for (let t = n - 1; t > 0; t--) path[t - 1] = from[t * S + (path[t] as number)] as number;
  return path;
}
