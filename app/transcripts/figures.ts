// Transcripts with their number words as figures. A number lasts from its first word to its last, and is as sure as the least sure.
import { joinedFigures } from '../figures';
import { isSure, readingOf, type Word } from '../contract/recognition';
import type { Segment, TimedWord } from './document';

/** The language whose number words are known. */
export const hasFigures = (language: string): boolean => language.split('-')[0] === 'en';

/** Words for reading; what the person or the network wrote stays in the words themselves. */
export const wordsInFigures = (words: readonly Word[]): Word[] =>
  joinedFigures(words, (word) => (isSure(word) ? readingOf(word) : ''), numberOf);

function numberOf(run: readonly Word[], text: string): Word {
  const span = spanOf(run);
  const confidence = Math.min(...run.map((word) => word.confidence));
  const leastSure = Math.min(...run.flatMap((word) => word.characters.map((character) => character.confidence)), 1);
  return { text, ...span, confidence, isKnown: true, characters: [{ symbol: text, ...span, confidence: leastSure }] };
}

export function segmentInFigures(segment: Segment): Segment {
  const words = joinedFigures(segment.words, ({ text }) => text, timedNumberOf);
  return { ...segment, words, text: words.map(({ text }) => text).join(' ') };
}

function timedNumberOf(run: readonly TimedWord[], text: string): TimedWord {
  const scores = run.flatMap(({ confidence }) => (confidence === null ? [] : [confidence]));
  return { text, ...spanOf(run), confidence: scores.length === 0 ? null : Math.min(...scores) };
}

const spanOf = (run: readonly { readonly startMs: number; readonly endMs: number }[]) => ({
  startMs: run[0]?.startMs ?? 0,
  endMs: run.at(-1)?.endMs ?? 0,
});
