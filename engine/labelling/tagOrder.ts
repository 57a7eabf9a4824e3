// The best tags of a text together: what the network sees at every step, and which tag may and usually does follow which. Best path by
// Viterbi (1967); the orders are counted, as a hidden Markov model's are, and divided by how often a tag occurs, because what the network
// sees has that in it already (Bourlard & Morgan 1994, chapter 7).
import type { TagOrder } from '../../app/contract/model';
import { logSoftmax } from '../ctc/posteriors';
import { orderPosteriors } from '../network/orderLoss';

/** Stands before a text's first tag. */
const START = -1;
/** Added to each count, so that an order that was never seen is unlikely, not impossible. */
const SMOOTHING = 0.1;

/** @param sequences the tags of each text that is learned, as classes */
export function tagOrderOf(sequences: readonly Int32Array[], weight: number): TagOrder {
  const counts = new Map<string, [number, number, number]>();
  for (const tags of sequences)
    tags.forEach((to, step) => {
      const from = step === 0 ? START : tags[step - 1]!;
      const key = `${from} ${to}`;
      counts.set(key, [from, to, (counts.get(key)?.[2] ?? 0) + 1]);
    });
  const follows = [...counts.values()].sort(([a, b], [c, d]) => a - c || b - d);
  return { weight, follows };
}

/** Inside of a slot of a kind: "I-city" after "B-city" or "I-city" alone. */
const INSIDE = /^I-(.+)$/u;
const WITHIN = /^[BI]-(.+)$/u;
function mayFollow(from: string | null, to: string): boolean {
  const kind = INSIDE.exec(to)?.[1];
  return kind === undefined || (from !== null && WITHIN.exec(from)?.[1] === kind);
}

/**
 * Score of class b after class a, [C + 1, C], the last row that of the beginning; −∞ where it may not.
 * @param labels the tags, C. What was seen in what was learned may be, whatever the tags are called.
 */
export function orderScores(labels: readonly string[], { weight, follows }: TagOrder): Float64Array {
  const C = labels.length;
  const [pairs, firsts, alone] = [new Float64Array((C + 1) * C), new Float64Array(C + 1), new Float64Array(C)];
  let total = 0;
  for (const [from, to, times] of follows) {
    const row = from === START ? C : from;
    pairs[row * C + to]! += times;
    firsts[row]! += times;
    alone[to]! += times;
    total += times;
  }
  return pairs.map((times, at) => {
    const [row, to] = [Math.floor(at / C), at % C];
    if (times === 0 && !mayFollow(labels[row] ?? null, labels[to]!)) return -Infinity;
    const conditional = Math.log((times + SMOOTHING) / (firsts[row]! + SMOOTHING * C));
    const prior = Math.log((alone[to]! + SMOOTHING) / (total + SMOOTHING * C));
    return weight === 0 ? 0 : weight * (conditional - prior);
  });
}

/** Stands for "may not follow" where tags are learned: what is held back may have what nothing else has, and its loss stays a number. */
const HARDLY = -15;
/** The scores as they are learned with. */
export const learnedOrder = (labels: readonly string[], order: TagOrder): number[] =>
  Array.from(orderScores(labels, order), (score) => Math.max(score, HARDLY));

export class TagPath {
  readonly #classes: number;
  /** [C + 1, C] */
  readonly #scores: Float64Array;

  constructor(labels: readonly string[], order: TagOrder) {
    this.#classes = labels.length;
    this.#scores = orderScores(labels, order);
  }

  /** How likely each class is at each step, all that may and usually does stand around it considered: [T, C]. */
  probabilities(logits: Float32Array): Float64Array {
    return orderPosteriors(logits, this.#classes, this.#scores).logProbabilities.map(Math.exp);
  }

  /** @param logits [T, C] @returns the class of each step, [T] */
  best(logits: Float32Array): Int32Array {
    const C = this.#classes;
    const T = logits.length / C;
    const seen = logSoftmax(logits, T, C);
    const before = new Int32Array(T * C);
    let scores = seen.slice(0, C).map((own, to) => own + this.#scores[C * C + to]!);
    for (let t = 1; t < T; t++) {
      const next = new Float64Array(C).fill(-Infinity);
      for (let from = 0; from < C; from++) {
        const score = scores[from]!;
        if (score === -Infinity) continue;
        for (let to = 0; to < C; to++) {
          const reached = score + this.#scores[from * C + to]!;
          if (reached > next[to]!) {
            next[to] = reached;
            before[t * C + to] = from;
          }
        }
      }
      for (let to = 0; to < C; to++) next[to]! += seen[t * C + to]!;
      scores = next;
    }
    const path = new Int32Array(T);
    for (let t = T - 1; t >= 0; t--)
      path[t] = t === T - 1 ? scores.indexOf(Math.max(...scores)) : before[(t + 1) * C + path[t + 1]!]!;
    return path;
  }
}
