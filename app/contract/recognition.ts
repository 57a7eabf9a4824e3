// What the network heard: symbols with their frames, words made of them, and the live event that carries both.
import { z } from 'zod';
import { readingSchema } from './decoding';
import { count, float32, fraction, identifier, int16, milliseconds } from './schema';

/** One emitted symbol of the alphabet; times are those of the frames that emitted it. */
export const characterSchema = z.strictObject({
  symbol: z.string().min(1).max(16),
  startMs: milliseconds,
  endMs: milliseconds,
  /** Mean posterior of the symbol over its frames: a score, not a chance of being right. */
  confidence: fraction,
});
export type Character = z.infer<typeof characterSchema>;

export const wordSchema = z.strictObject({
  /** Empty where the model heard speech outside its vocabulary. */
  text: z.string().max(512),
  startMs: milliseconds,
  endMs: milliseconds,
  confidence: fraction,
  /** False where the network named the word unknown, or spelled one that its card does not list. */
  isKnown: z.boolean(),
  characters: z.array(characterSchema).max(512),
  /** What the person put in its place; what the network read stays as it was. */
  correction: z.string().min(1).max(512).optional(),
});
export type Word = z.infer<typeof wordSchema>;

/** Another word that the sound of one may say. */
export const alternativeSchema = z.strictObject({
  text: z.string().min(1).max(512),
  /** p(word | sound) as the network has it: a score, not a chance of being right. */
  score: fraction,
});
export type Alternative = z.infer<typeof alternativeSchema>;

/** Words between two endpoints: one line of text. */
export const utteranceSchema = z.strictObject({
  startMs: milliseconds,
  endMs: milliseconds,
  words: z.array(wordSchema).max(10_000),
  /** The best readings of the whole, the one that was taken first. */
  readings: z.array(readingSchema).max(100).optional(),
  /** What had settled while it was spoken, where the accurate reading at its end took the place of that. */
  live: z.array(wordSchema).min(1).max(10_000).optional(),
});
export type Utterance = z.infer<typeof utteranceSchema>;

/** A whole transcript by one model. */
export const transcriptSchema = z.strictObject({
  modelId: z.string().max(128),
  utterances: z.array(utteranceSchema).max(100_000),
});
export type Transcript = z.infer<typeof transcriptSchema>;

/** The network's output per frame: most probable class (index into the alphabet; the last class is blank) and its posterior. */
export const frameSymbolsSchema = z.strictObject({
  firstFrame: count,
  classes: int16(6_000),
  probabilities: float32(6_000),
});
export type FrameSymbols = z.infer<typeof frameSymbolsSchema>;

/**
 * One step of live recognition. Settled words change by nothing but `settledAnewSchema`; the tail replaces the previous tail.
 * `settled` holds only what has settled since the last event; `startsLine` opens a new line before them.
 */
export const recognisedSchema = z.strictObject({
  streamId: identifier,
  settled: z.array(z.strictObject({ startsLine: z.boolean(), word: wordSchema })).max(1_000),
  tail: z.array(wordSchema).max(1_000),
  frames: frameSymbolsSchema,
  /** How far the text is behind the sound that arrived, in milliseconds of audio. */
  lagMs: milliseconds,
});
export type Recognised = z.infer<typeof recognisedSchema>;

/** The accurate reading of a line that has ended, where it differs from what had settled: the one change to settled text. */
export const settledAnewSchema = z.strictObject({
  streamId: identifier,
  /** When the line's first settled word begins: what the line is known by. */
  lineStartMs: milliseconds,
  words: z.array(wordSchema).min(1).max(10_000),
});
export type SettledAnew = z.infer<typeof settledAnewSchema>;

/** What the word is taken for: the person's own where there is one. */
export const readingOf = ({ text, correction }: Word): string => correction ?? text;

/** Whether the model read a word that it knows, or the person said which it is. */
export const isSure = (word: Word): boolean => word.correction !== undefined || (word.isKnown && word.text !== '');

type Spoken = readonly { readonly words: readonly Word[] }[];

/** The known words alone, lines joined by "\n" and words by one space: what is compared with a reference, and what a program reads. */
export function transcriptText(utterances: Spoken): string {
  return utterances
    .map(({ words }) => words.filter(isSure).map(readingOf).join(' '))
    .filter((line) => line !== '')
    .join('\n');
}

const GAP = '…';

/**
 * Recognised text for people where it stands without its marks: in lists, on the clipboard, in a file. Speech that the model has
 * no word for is a gap there, never a word. Lines joined by "\n"; empty where not one known word was heard.
 */
export function plainText(utterances: Spoken): string {
  const lines = utterances.map(({ words }) => words.map((word) => (isSure(word) ? readingOf(word) : GAP)));
  if (!lines.flat().some((word) => word !== GAP)) return '';
  return lines
    .map(withSingleGaps)
    .filter((line) => line !== '')
    .join('\n');
}

const withSingleGaps = (words: readonly string[]): string =>
  words.filter((word, index) => word !== GAP || words[index - 1] !== GAP).join(' ');
