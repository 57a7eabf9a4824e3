// How text becomes a network's input: which slots a word or a character has.
import { z } from 'zod';
import './schema'; // tells zod, before its first use, that the window allows no code from strings

export const MAX_KNOWN = 100_000;
/** UTF-16 units of a known word or character, and of a known n-gram. */
export const MAX_ENTRY_LENGTH = { oneOfN: 64, letterNGrams: 8 } as const;

/**
 * What a step reads: a word, its letters and digits in lower case, where every other sign but white space is one by itself;
 * a character as it stands; or whatever stands between white space, in lower case, as where a text's tokens are given.
 */
export const textUnitSchema = z.enum(['word', 'character', 'spaced']);
export type TextUnit = z.infer<typeof textUnitSchema>;

const known = (maxLength: number) =>
  z
    .array(z.string().min(1).max(maxLength))
    .min(1)
    .max(MAX_KNOWN)
    .refine((list) => new Set(list).size === list.length, { message: 'reason.text.entryTwice' });

const oneOfNSchema = z.strictObject({
  /** 1-of-N: one slot for each known word or character, and one, the last, for every other. */
  kind: z.literal('oneOfN'),
  unit: textUnitSchema,
  known: known(MAX_ENTRY_LENGTH.oneOfN),
});
const letterNGramsSchema = z.strictObject({
  /**
   * Word hashing: a step reads a word as the letter n-grams of "#word#"; one slot for each known n-gram, and one, the last, for
   * every other.
   */
  kind: z.literal('letterNGrams'),
  /** word if left out. */
  unit: textUnitSchema.exclude(['character']).optional(),
  /** Letters of an n-gram, the marks at a word's ends included. */
  n: z.number().int().min(1).max(8).default(3),
  known: known(MAX_ENTRY_LENGTH.letterNGrams),
  /** n-grams of a word that are read; those after them are not. */
  maxPerWord: z.number().int().min(1).max(256).default(32),
  /** Words that have a slot of their own besides their n-grams (Bojanowski et al. 2017, section 3.2); none if left out. */
  words: known(MAX_ENTRY_LENGTH.oneOfN).optional(),
});
export const textEncodingSchema = z.discriminatedUnion('kind', [oneOfNSchema, letterNGramsSchema]);
export type TextEncoding = z.infer<typeof textEncodingSchema>;
export type OneOfN = z.infer<typeof oneOfNSchema>;
export type LetterNGrams = z.infer<typeof letterNGramsSchema>;

/** Words with a slot of their own besides that of their n-grams. */
export const ownWords = (encoding: TextEncoding): readonly string[] =>
  encoding.kind === 'letterNGrams' ? (encoding.words ?? []) : [];

/** V: the known entries, then the words with a slot of their own, then the other one. */
export const slotCount = (encoding: TextEncoding): number => encoding.known.length + ownWords(encoding).length + 1;
export const MAX_SLOTS = 2 * MAX_KNOWN + 1;

export const unitOf = ({ unit = 'word' }: Pick<TextEncoding, 'unit'>): TextUnit => unit;

/** Slots that a step has at most. */
export function slotsPerStep(encoding: TextEncoding): number {
  switch (encoding.kind) {
    case 'oneOfN':
      return 1;
    case 'letterNGrams':
      return encoding.maxPerWord + (encoding.words === undefined ? 0 : 1);
  }
}
