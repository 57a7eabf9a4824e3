// How often n-grams occur in sentences.
import { BEGIN_TOKEN, END_TOKEN, type WordClass } from './ngramModel';

/** Tokens of an n-gram joined; no token holds a space. */
export type NgramKey = string;
export const keyOf = (tokens: readonly string[]): NgramKey => tokens.join(' ');

/** [n − 1]: occurrences of the n-grams of length n, in sentences with their marks. `<s>` alone is not counted: nothing predicts it. */
export type NgramCounts = readonly ReadonlyMap<NgramKey, number>[];

/** @param sentences tokens without marks; a word of a class counts as the class's token */
export function countNgrams(
  sentences: Iterable<readonly string[]>,
  order: number,
  classes: readonly WordClass[] = [],
): NgramCounts {
  const classOf = new Map(classes.flatMap(({ token, words }) => words.map((word) => [word, token])));
  const counts = Array.from({ length: order }, () => new Map<NgramKey, number>());
  for (const sentence of sentences) {
    const tokens = [BEGIN_TOKEN, ...sentence.map((word) => classOf.get(word) ?? word), END_TOKEN];
    for (let end = 1; end < tokens.length; end++) {
      let key = '';
      for (let n = 1; n <= order && n <= end + 1; n++) {
        const token = tokens[end - n + 1]!;
        key = n === 1 ? token : `${token} ${key}`;
        const ofLength = counts[n - 1]!;
        ofLength.set(key, (ofLength.get(key) ?? 0) + 1);
      }
    }
  }
  return counts;
}

export const contextOf = (key: NgramKey): NgramKey => key.slice(0, Math.max(0, key.lastIndexOf(' ')));
/** Without its first token; the empty text for one token. */
export const suffixOf = (key: NgramKey): NgramKey => {
  const at = key.indexOf(' ');
  return at === -1 ? '' : key.slice(at + 1);
};
