// Encodings made from training texts: what is most frequent becomes known, all else is other.
import { MAX_ENTRY_LENGTH, unitOf, type LetterNGrams, type OneOfN } from '../../app/contract/textInput';
import { UnrollError } from '../../app/errors';
import { letterNGrams } from './letterNGrams';
import { tokensOf } from './tokens';

export interface KnownLimits {
  /** Entries that are kept at most. */
  readonly maxKnown: number;
  /** Occurrences that an entry needs. */
  readonly minCount: number;
}

/** @throws UnrollError text.nothingKnown where no entry is frequent enough: an encoding needs one. */
export function oneOfNFrom(texts: Iterable<string>, unit: OneOfN['unit'], limits: KnownLimits): OneOfN {
  const entriesOf = (text: string): string[] => tokensOf(unit, text);
  return { kind: 'oneOfN', unit, known: mostFrequent(texts, entriesOf, MAX_ENTRY_LENGTH.oneOfN, limits) };
}

/**
 * @param texts read once for n-grams, and once more for words
 * @throws UnrollError text.nothingKnown where no n-gram, or no word of those that are wanted, is frequent enough
 */
export function letterNGramsFrom(
  texts: readonly string[],
  {
    n,
    maxPerWord,
    unit,
    hasWords = false,
  }: Pick<LetterNGrams, 'n' | 'maxPerWord' | 'unit'> & { readonly hasWords?: boolean },
  limits: KnownLimits,
): LetterNGrams {
  const gramsOf = (text: string): string[] =>
    tokensOf(unitOf({ unit }), text).flatMap((word) => letterNGrams(word, n).slice(0, maxPerWord));
  const known = mostFrequent(texts, gramsOf, MAX_ENTRY_LENGTH.letterNGrams, limits);
  const encoding = { kind: 'letterNGrams' as const, ...(unit && { unit }), n, maxPerWord, known };
  if (!hasWords) return encoding;
  const wordsOf = (text: string): string[] => tokensOf(unitOf({ unit }), text);
  return { ...encoding, words: mostFrequent(texts, wordsOf, MAX_ENTRY_LENGTH.oneOfN, limits) };
}

/** The most frequent entries first, equally frequent ones in the order of their code units; longer ones stay unknown. */
function mostFrequent(
  texts: Iterable<string>,
  entriesOf: (text: string) => string[],
  maxLength: number,
  { maxKnown, minCount }: KnownLimits,
): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) for (const entry of entriesOf(text)) counts.set(entry, (counts.get(entry) ?? 0) + 1);
  const known = [...counts]
    .filter(([entry, count]) => count >= minCount && entry.length <= maxLength)
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, maxKnown)
    .map(([entry]) => entry);
  if (known.length === 0) throw new UnrollError('text.nothingKnown', { count: minCount });
  return known;
}
