// How text becomes a network's input: which slots a word or a character has.
import { z } from 'zod';
import './schema'; // tells zod, before its first use, that the window allows no code from strings

const MAX_KNOWN = 100_000;
const known = (maxLength: number) =>
  z
    .array(z.string().min(1).max(maxLength))
    .min(1)
    .max(MAX_KNOWN)
    .refine((list) => new Set(list).size === list.length, { message: 'reason.text.entryTwice' });

const oneOfNSchema = z.strictObject({
  /** 1-of-N: one slot for each known word or character, and one, the last, for every other. */
  kind: z.literal('oneOfN'),
  /** What a step reads: a word, in lower case, or a character as it stands. */
  unit: z.enum(['word', 'character']),
  known: known(64),
});
const letterNGramsSchema = z.strictObject({
  /**
   * Word hashing: a step reads a word, in lower case, as the letter n-grams of "#word#"; one slot for each known n-gram, and
   * one, the last, for every other.
   */
  kind: z.literal('letterNGrams'),
  /** Letters of an n-gram, the marks at a word's ends included. */
  n: z.number().int().min(1).max(8).default(3),
  known: known(8),
  /** n-grams of a word that are read; those after them are not. */
  maxPerWord: z.number().int().min(1).max(256).default(32),
});
export const textEncodingSchema = z.discriminatedUnion('kind', [oneOfNSchema, letterNGramsSchema]);
export type TextEncoding = z.infer<typeof textEncodingSchema>;
export type OneOfN = z.infer<typeof oneOfNSchema>;
export type LetterNGrams = z.infer<typeof letterNGramsSchema>;

/** V: the known entries and the other one. */
export const slotCount = ({ known: entries }: TextEncoding): number => entries.length + 1;
export const MAX_SLOTS = MAX_KNOWN + 1;

/** Slots that a step has at most. */
export function slotsPerStep(encoding: TextEncoding): number {
  switch (encoding.kind) {
    case 'oneOfN':
      return 1;
    case 'letterNGrams':
      return encoding.maxPerWord;
  }
}
