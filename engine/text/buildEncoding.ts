// Encodings made from training texts: what is most frequent becomes known, all else is other.
import type { LetterNGrams, OneOfN } from '../../app/contract/textInput';
import { letterNGrams } from './letterNGrams';
import { charactersOf, wordsOf } from './tokens';

export interface KnownLimits {
  /** Entries that are kept at most. */
  readonly maxKnown: number;
  /** Occurrences that an entry needs. */
  readonly minCount: number;
}

/** @throws Error where no entry is frequent enough: an encoding needs one. */
export function oneOfNFrom(texts: Iterable<string>, unit: OneOfN['unit'], limits: KnownLimits): OneOfN {
  const tokensOf = unit === 'word' ? wordsOf : charactersOf;
  return { kind: 'oneOfN', unit, known: mostFrequent(texts, tokensOf, limits) };
}

/** @throws Error where no n-gram is frequent enough: an encoding needs one. */
export function letterNGramsFrom(
  texts: Iterable<string>,
  { n, maxPerWord }: Pick<LetterNGrams, 'n' | 'maxPerWord'>,
  limits: KnownLimits,
): LetterNGrams {
  const gramsOf = (text: string): string[] =>
    wordsOf(text).flatMap((word) => letterNGrams(word, n).slice(0, maxPerWord));
  return { kind: 'letterNGrams', n, maxPerWord, known: mostFrequent(texts, gramsOf, limits) };
}

/** The most frequent entries first, equally frequent ones in the order of their code units. */
function mostFrequent(
  texts: Iterable<string>,
  entriesOf: (text: string) => string[],
  { maxKnown, minCount }: KnownLimits,
): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) for (const entry of entriesOf(text)) counts.set(entry, (counts.get(entry) ?? 0) + 1);
  const known = [...counts]
    .filter(([, count]) => count >= minCount)
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, maxKnown)
    .map(([entry]) => entry);
  if (known.length === 0) throw new Error(`Expected an entry that occurs at least ${minCount} times`);
  return known;
}
