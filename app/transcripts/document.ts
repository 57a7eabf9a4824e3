// A transcript as other tools know it: segments with times, and words with times inside them. What was put right by hand stands in
// the place of what was read; speech without a word is left out.
import { isSure, readingOf, type Utterance, type Word } from '../contract/recognition';

export interface TimedWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  /** 0 to 1; null where the file says none. */
  readonly confidence: number | null;
}

/** A line of text. Its words, joined by one space, are its text; none where only the line has times. */
export interface Segment {
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
  readonly words: readonly TimedWord[];
}

export interface TranscriptDocument {
  readonly title: string;
  readonly durationMs: number;
  /** By time, not overlapping. */
  readonly segments: readonly Segment[];
}

/** Whole milliseconds: what every format can hold. */
const whole = Math.round;

/** The segments of a transcript, with the edits; an utterance without one sure word is none. */
export function segmentsOf(utterances: readonly Utterance[]): Segment[] {
  return utterances.flatMap(({ startMs, endMs, words }) => {
    const sure = words.filter(isSure);
    if (sure.length === 0) return [];
    const timed = sure.map((word) => ({
      text: readingOf(word),
      startMs: whole(word.startMs),
      endMs: whole(word.endMs),
      confidence: word.correction === undefined ? word.confidence : 1,
    }));
    const text = timed.map((word) => word.text).join(' ');
    return [{ startMs: whole(startMs), endMs: whole(endMs), text, words: timed }];
  });
}

/** The way back: segments of another tool as a transcript of ours. Words without times share their segment's by their letters. */
export function utterancesFrom(segments: readonly Segment[]): Utterance[] {
  return segments.map((segment) => {
    const timed = segment.words.length > 0 ? segment.words : sharedWords(segment);
    return { startMs: segment.startMs, endMs: segment.endMs, words: timed.map(wordFrom) };
  });
}

/** The words of a text, each with as much of the span as it has of the letters. */
export function sharedWords({ startMs, endMs, text }: Omit<Segment, 'words'>): TimedWord[] {
  const texts = text.split(/\s+/).filter((word) => word !== '');
  const letters = texts.reduce((sum, word) => sum + word.length, 0);
  let before = 0;
  return texts.map((word) => {
    const from = startMs + ((endMs - startMs) * before) / letters;
    before += word.length;
    const until = startMs + ((endMs - startMs) * before) / letters;
    return { text: word, startMs: whole(from), endMs: whole(until), confidence: null };
  });
}

const wordFrom = ({ text, startMs, endMs, confidence }: TimedWord): Word => ({
  text,
  startMs,
  endMs,
  confidence: confidence ?? 1,
  isKnown: true,
  characters: [],
});
