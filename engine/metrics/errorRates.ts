// How far recognised text is from what was said, over a whole set of utterances.
import { graphemesOf } from '../text/graphemes';
import { bootstrapInterval, type Interval, type UtteranceErrors } from './bootstrap';
import { edits, type EditCounts } from './levenshtein';

export interface TextPair {
  readonly reference: string;
  readonly hypothesis: string;
}
export interface TotalCounts extends EditCounts {
  /** Words or characters of all references. */
  readonly reference: number;
}
export interface ErrorRates {
  /** Word error rate: edits of all utterances / reference words of all utterances. May exceed 1. */
  readonly wer: number;
  /** Character error rate, likewise, over graphemes with the spaces between words. */
  readonly cer: number;
  /** Share of the utterances whose words are exactly right; 1 where there are none. */
  readonly sentencesExact: number;
  readonly utterances: number;
  readonly words: TotalCounts;
  readonly characters: TotalCounts;
}

/** Lines, repeated blanks and how an accent was typed (NFC) are no difference: words are what white space parts. */
export const splitWords = (text: string): string[] =>
  text
    .normalize('NFC')
    .split(/\s+/u)
    .filter((word) => word !== '');
/** Graphemes of the words joined by single spaces. */
export const splitCharacters = (text: string): string[] => graphemesOf(splitWords(text).join(' '));

/**
 * Corpus-level rates: the edits of all utterances are summed before dividing, so long utterances weigh more than short ones.
 * Where no reference holds a word, each inserted word counts as one error (the divisor is 1).
 */
export function errorRates(pairs: readonly TextPair[]): ErrorRates {
  const words = totalCounts(pairs, splitWords);
  const characters = totalCounts(pairs, splitCharacters);
  const exact = pairs.filter(
    ({ reference, hypothesis }) => splitWords(reference).join(' ') === splitWords(hypothesis).join(' '),
  ).length;
  return {
    wer: rate(words),
    cer: rate(characters),
    sentencesExact: pairs.length === 0 ? 1 : exact / pairs.length,
    utterances: pairs.length,
    words,
    characters,
  };
}

/** 95 % intervals of both rates, by drawing the utterances anew; null where there are none. */
export const errorIntervals = (
  pairs: readonly TextPair[],
): { readonly wer: Interval | null; readonly cer: Interval | null } => ({
  wer: bootstrapInterval(pairs.map((pair) => errorsOf(pair, splitWords))),
  cer: bootstrapInterval(pairs.map((pair) => errorsOf(pair, splitCharacters))),
});

function errorsOf(pair: TextPair, split: (text: string) => string[]): UtteranceErrors {
  const reference = split(pair.reference);
  return { errors: edits(reference, split(pair.hypothesis)).distance, reference: reference.length };
}

function totalCounts(pairs: readonly TextPair[], split: (text: string) => string[]): TotalCounts {
  const total = { substitutions: 0, insertions: 0, deletions: 0, reference: 0 };
  for (const pair of pairs) {
    const reference = split(pair.reference);
    const { substitutions, insertions, deletions } = edits(reference, split(pair.hypothesis));
    total.substitutions += substitutions;
    total.insertions += insertions;
    total.deletions += deletions;
    total.reference += reference.length;
  }
  return total;
}

const rate = ({ substitutions, insertions, deletions, reference }: TotalCounts): number =>
  (substitutions + insertions + deletions) / Math.max(1, reference);
