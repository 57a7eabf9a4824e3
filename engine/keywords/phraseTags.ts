// Key phrases of a document as tags of its words, and back.
import { slotsOf } from '../metrics/slots';
import { wordsOf } from '../text/tokens';

export const PHRASE = 'phrase';
/** Of a document, where somebody asks for the first few. */
export const PHRASES_OFFERED = 5;
const [BEGIN, INSIDE, OUTSIDE] = [`B-${PHRASE}`, `I-${PHRASE}`, 'O'];

/** A phrase as it is compared: its words in lower case, parted by spaces. */
export const phraseText = (words: readonly string[]): string => words.join(' ');
export const normalPhrase = (phrase: string): string => phraseText(wordsOf(phrase));

/**
 * Every occurrence of a phrase is tagged; where two overlap, the longer one, or the earlier of two that are as long.
 * @param phrases as they are written
 * @returns a tag for each word
 */
export function tagsOfPhrases(words: readonly string[], phrases: readonly string[]): string[] {
  const tags = new Array<string>(words.length).fill(OUTSIDE);
  const wanted = phrases.map(wordsOf).filter((phrase) => phrase.length > 0);
  wanted.sort((a, b) => b.length - a.length);
  for (const phrase of wanted)
    for (let start = 0; start + phrase.length <= words.length; start++) {
      const isHere = phrase.every((word, at) => words[start + at] === word && tags[start + at] === OUTSIDE);
      if (isHere) tags.fill(INSIDE, start, start + phrase.length).fill(BEGIN, start, start + 1);
    }
  return tags;
}

export interface Phrase {
  readonly text: string;
  /** In (0, 1]: how sure the network is of the least sure of its words, at the occurrence that it is surest of. */
  readonly probability: number;
}

/** Where the words of a phrase are less likely in one than this, it is not offered at all. */
const LEAST = 0.05;
const THRESHOLDS = [0.5, 0.35, 0.2, 0.1, LEAST];

/**
 * The phrases that the tags write; and those that they would write if less were enough, each once, the surest first.
 * @param inside for each word the probability that it belongs to a phrase, [n]
 */
export function phrasesOf(
  words: readonly string[],
  tags: readonly string[],
  inside: ArrayLike<number>,
): { readonly written: readonly Phrase[]; readonly ranked: readonly Phrase[] } {
  const written = new Map<string, number>();
  const offer = (into: Map<string, number>, start: number, end: number): void => {
    const text = phraseText(words.slice(start, end));
    let least = 1;
    for (let at = start; at < end; at++) least = Math.min(least, inside[at]!);
    if (least >= LEAST) into.set(text, Math.max(into.get(text) ?? 0, least));
  };
  for (const { start, end } of slotsOf(tags)) offer(written, start, end);
  const others = new Map<string, number>();
  for (const threshold of THRESHOLDS) {
    const lowered = words.map((_, at) => (inside[at]! >= threshold ? `I-${PHRASE}` : OUTSIDE));
    for (const { start, end } of slotsOf(lowered)) offer(others, start, end);
  }
  for (const text of written.keys()) others.delete(text);
  return { written: sorted(written), ranked: [...sorted(written), ...sorted(others)] };
}

const sorted = (phrases: ReadonlyMap<string, number>): Phrase[] =>
  [...phrases]
    .map(([text, probability]) => ({ text, probability }))
    .sort((a, b) => b.probability - a.probability || (a.text < b.text ? -1 : 1));
