// Stupid back-off: relative frequencies, and a fixed factor for each word of context that is given up. Brants, Popat, Xu, Och &
// Dean, "Large Language Models in Machine Translation", 2007, equation 5. Scores, not probabilities: they do not sum to 1.
import { contextOf, type NgramCounts } from './ngramCounts';
import { BEGIN_TOKEN, NgramModel, UNKNOWN_TOKEN, type WordClass } from './ngramModel';

/** S(w | c) = FACTOR · S(w | c without its first word) where c·w was not seen. */
export const STUPID_BACKOFF_FACTOR = 0.4;
const NEVER = -99;

/** @param counts of all lengths up to the model's order */
export function stupidBackoffModel(counts: NgramCounts, classes: readonly WordClass[] = []): NgramModel {
  const model = new NgramModel(counts.length, classes);
  const tokens = [...counts[0]!.values()].reduce((sum, count) => sum + count, 0);
  const factor = Math.log10(STUPID_BACKOFF_FACTOR);
  const backOff = (length: number): number => (length < counts.length ? factor : 0);
  const sentences = [...(counts[1] ?? [])].reduce(
    (sum, [key, count]) => (contextOf(key) === BEGIN_TOKEN ? sum + count : sum),
    0,
  );
  model.add([UNKNOWN_TOKEN], factor - Math.log10(Math.max(1, tokens)), 0);
  model.add([BEGIN_TOKEN], NEVER, backOff(1));
  counts.forEach((ofLength, index) => {
    for (const [key, count] of ofLength) {
      const context = contextOf(key);
      const seen = index === 0 ? tokens : context === BEGIN_TOKEN ? sentences : counts[index - 1]!.get(context)!;
      model.add(key.split(' '), Math.log10(count / seen), backOff(index + 1));
    }
  });
  return model;
}
