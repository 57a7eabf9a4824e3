// The loss of a sequence's labels together, in double precision: what the network sees at every frame, and how usual it is that one label
// follows another. A conditional random field over a chain (Lafferty, McCallum & Pereira 2001) whose label-to-label scores are given, as
// speech recognisers are trained against all that a language model allows (maximum mutual information, Bahl et al. 1986).
//
//   score(y) = Σ_t logits[t, y_t] + order[y_{t−1}, y_t]        y_{−1}: the beginning, row C
//   loss = ln Σ_y' exp score(y') − score(y)
//   ∂loss/∂logits[t, k] = p(y_t = k) − [y_t = k]
import type { CtcResult } from '../ctc/loss';

/** ln of how likely each label is at each frame, all sequences of labels considered. */
export interface OrderPosteriors {
  /** [T, C] */
  readonly logProbabilities: Float64Array;
  /** ln Σ exp score. */
  readonly logSum: number;
}

/** @param logits [T, C] @param order [C + 1, C], −∞ where a label may not follow */
export function orderPosteriors(logits: ArrayLike<number>, classes: number, order: ArrayLike<number>): OrderPosteriors {
  const C = classes;
  const T = logits.length / C;
  const forward = new Float64Array(T * C);
  const backward = new Float64Array(T * C);
  const terms = new Float64Array(C);
  for (let t = 0; t < T; t++)
    for (let to = 0; to < C; to++) {
      if (t > 0)
        for (let from = 0; from < C; from++) terms[from] = forward[(t - 1) * C + from]! + order[from * C + to]!;
      forward[t * C + to] = logits[t * C + to]! + (t === 0 ? order[C * C + to]! : logSumExp(terms));
    }
  for (let t = T - 2; t >= 0; t--)
    for (let from = 0; from < C; from++) {
      const next = (t + 1) * C;
      for (let to = 0; to < C; to++) terms[to] = order[from * C + to]! + logits[next + to]! + backward[next + to]!;
      backward[t * C + from] = logSumExp(terms);
    }
  const logSum = logSumExp(forward.subarray((T - 1) * C));
  return { logProbabilities: forward.map((value, at) => value + backward[at]! - logSum), logSum };
}

function logSumExp(values: Float64Array): number {
  let most = -Infinity;
  for (const value of values) if (value > most) most = value;
  if (most === -Infinity) return most;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - most);
  return most + Math.log(sum);
}

/** @param logits [T, C] @param labels [T] @param order [C + 1, C], finite */
export function orderLoss(logits: Float32Array, labels: Int32Array, order: readonly number[]): CtcResult {
  const C = logits.length / labels.length;
  const { logProbabilities, logSum } = orderPosteriors(logits, C, order);
  const gradient = logProbabilities.map(Math.exp);
  let score = 0;
  labels.forEach((label, t) => {
    const from = t === 0 ? C : labels[t - 1]!;
    score += logits[t * C + label]! + order[from * C + label]!;
    gradient[t * C + label]! -= 1;
  });
  return { loss: logSum - score, gradient };
}
