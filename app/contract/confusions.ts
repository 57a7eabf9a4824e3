// What was said against what was read, over many sounds, and how far a score tells one from the other.
import { z } from 'zod';
import { inspectedSoundSchema } from './inspection';
import { bytes, count, float32, int32, milliseconds } from './schema';

/** Symbols or words that have a row and a column of their own. */
export const MAX_CONFUSED = 60;
/** Sounds of one question. */
export const MAX_CONFUSED_CLIPS = 20_000;
/** Places of one cell that are named. */
export const MAX_CELL_PLACES = 200;
/** Those with a name, the others together, and none. */
const MAX_SIDE = MAX_CONFUSED + 2;
/** A place is a cell, a clip, and where it begins and ends in milliseconds. */
export const PLACE_FIELDS = 4;

/** Where the score of an item in a sound comes from. */
export const confusionScoreSchema = z.enum([
  /** Largest posterior of its symbol at any step. */
  'peak',
  /** Probability that the network gives it: of a word p(word | sound) of CTC, where every sound holds one word. */
  'probability',
  /** Confidence of the word where it was read, 0 where it was not. */
  'confidence',
]);
export type ConfusionScore = z.infer<typeof confusionScoreSchema>;

export const confusionTableSchema = z.strictObject({
  /** What has a row and a column of its own. */
  items: z.array(z.string().max(512)).max(MAX_CONFUSED),
  /** Different ones there were; where they are more than the items, those that were confused most have rows. */
  distinct: count,
  /**
   * [side, side]: rows are what was said, columns what was read; side = items, then the others together where there are more, then
   * none. The last column is what was left out, the last row what was put in.
   */
  counts: int32(MAX_SIDE * MAX_SIDE),
  /** [places, 4]: cell (row · side + column), clip, and where it begins and ends in milliseconds; at most 200 of a cell. */
  places: int32(MAX_SIDE * MAX_SIDE * MAX_CELL_PLACES * PLACE_FIELDS),
  /** [items, clips] */
  scores: float32(MAX_CONFUSED * MAX_CONFUSED_CLIPS),
  /** [items, clips], 1 where the item was said in the clip. */
  isThere: bytes(MAX_CONFUSED * MAX_CONFUSED_CLIPS),
  scoredBy: confusionScoreSchema,
});
export type ConfusionTable = z.infer<typeof confusionTableSchema>;

export const confusedClipSchema = z.strictObject({
  sound: inspectedSoundSchema,
  /** Of its sound, for people. */
  name: z.string().max(255),
  /** What was said, and what was read. */
  said: z.string().max(10_000),
  read: z.string().max(10_000),
  durationMs: milliseconds,
});
export type ConfusedClip = z.infer<typeof confusedClipSchema>;

export const confusionsSchema = z.strictObject({
  kind: z.literal('confusions'),
  sounds: count,
  leftOut: count,
  /** Sounds of which nobody wrote down what is said: they are no part of it. */
  withoutText: count,
  clips: z.array(confusedClipSchema).max(MAX_CONFUSED_CLIPS),
  /** By the network's best path; null where each symbol is a word. */
  symbols: confusionTableSchema.nullable(),
  /** As they were read. */
  words: confusionTableSchema,
});
export type Confusions = z.infer<typeof confusionsSchema>;

/** Rows of a table: as many as columns. */
export const sideOf = ({ counts }: Pick<ConfusionTable, 'counts'>): number => Math.round(Math.sqrt(counts.length));
