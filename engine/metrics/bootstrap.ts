// How far a rate over utterances may be off by the chance of which utterances were drawn: percentile bootstrap (Efron & Tibshirani
// 1993, chapter 13), for speech recognition Bisani & Ney 2004. Whole utterances are drawn anew, for errors come in clusters.
import { makeRandom } from '../runtime/random';

/** What one utterance adds to a rate. */
export interface UtteranceErrors {
  readonly errors: number;
  /** Words or characters that were said. */
  readonly reference: number;
}
export type Interval = readonly [low: number, high: number];

const DRAWS = 2000;
const OUTSIDE = 0.025;

/** The 95 % interval of Σ errors / Σ reference; null where there are no utterances. The same utterances and seed give the same interval. */
export function bootstrapInterval(utterances: readonly UtteranceErrors[], seed = 1): Interval | null {
  if (utterances.length === 0) return null;
  const random = makeRandom(seed);
  const rates = Float64Array.from({ length: DRAWS }, () => {
    let [errors, reference] = [0, 0];
    for (let draw = 0; draw < utterances.length; draw++) {
      const drawn = utterances[Math.floor(random() * utterances.length)]!;
      errors += drawn.errors;
      reference += drawn.reference;
    }
    return errors / Math.max(1, reference);
  }).sort();
  const at = (share: number): number => rates[Math.min(DRAWS - 1, Math.floor(share * DRAWS))]!;
  return [at(OUTSIDE), at(1 - OUTSIDE)];
}
