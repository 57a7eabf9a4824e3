// Messages about texts, typed, imported or recognised: what models that read them make of them. A text is nothing that is kept.
import { z } from 'zod';
import { inspectedLayerSchema, seriesSchema } from './inspection';
import { labelsSchema, modelCardSchema } from './model';
import { count, empty, float32, fraction, identifier } from './schema';
import { MAX_SLOTS } from './textInput';

/** UTF-16 units of a text, and texts of a message. */
export const MAX_TEXT_LENGTH = 20_000;
export const MAX_TEXTS = 200;
/** Words of a text that is read, and of one whose gates are shown. */
export const MAX_READ_WORDS = 5_000;
export const MAX_TRACED_WORDS = 120;
/** Words whose vectors are told at once, and values of one. */
export const MAX_VECTOR_WORDS = 40;
const MAX_VECTOR = 4_096;
/** Activations of all readings of a network. */
const MAX_SERIES = 12 * 2 * 16;

const text = z.string().max(MAX_TEXT_LENGTH);

/** `tags`: what each word says. `phrases`: the words that a document is about. `label`: one for a whole text. */
export const textAnswerSchema = z.enum(['tags', 'phrases', 'label']);
export type TextAnswer = z.infer<typeof textAnswerSchema>;

/** A model that reads text. */
export const textModelSchema = z.strictObject({
  id: identifier,
  name: z.strictObject({ en: z.string(), zh: z.string() }),
  answers: textAnswerSchema,
  labels: labelsSchema,
  /** Came with the product. */
  isBundled: z.boolean(),
  /** Slots of its encoding. */
  slots: count,
  /** Values of its learned vector for each slot; null where the slots themselves are read. */
  embeddingSize: count.nullable(),
  /** Whether what it says of a word can depend on other words: false where all layers are feed-forward. */
  hasMemory: z.boolean(),
  /** Every word that it knows, where it is told words as 1-of-N and they are few; else null. */
  vocabulary: z.array(z.string()).nullable(),
  card: modelCardSchema,
});
export type TextModel = z.infer<typeof textModelSchema>;

/** One of the most words in a vocabulary that is told. */
export const MAX_TOLD_VOCABULARY = 2_000;

const word = z.strictObject({
  text: z.string(),
  /** Where it stands in the text, in UTF-16 units: [start, end). */
  start: count,
  end: count,
  /** Whether the model has a slot for it, or for all its letters. */
  isKnown: z.boolean(),
});
/** Words of a text with one meaning: [firstWord, endWord). */
const mark = z.strictObject({
  kind: z.string(),
  firstWord: count,
  endWord: count,
  /** Of the word in it that the model is least sure of. */
  probability: fraction,
});
export type TextMark = z.infer<typeof mark>;

/** What a model makes of a text. */
export const textReadingSchema = z.strictObject({
  words: z.array(word).max(MAX_READ_WORDS),
  /** Of tags and phrases. */
  marks: z.array(mark).max(MAX_READ_WORDS),
  /** Of a label: the most probable ones first; empty where the text has no word. */
  labels: z.array(z.strictObject({ label: z.string(), probability: fraction })).max(5),
});
export type TextReading = z.infer<typeof textReadingSchema>;

const trace = z.strictObject({
  words: z.array(z.string()).max(MAX_TRACED_WORDS),
  /** At each word, or one of the whole text where the model gives one label. */
  answers: z.array(z.strictObject({ label: z.string(), probability: fraction })).max(MAX_TRACED_WORDS),
  layers: z.array(inspectedLayerSchema).min(1).max(12),
  /** Every activation over the words, [T, units]. */
  series: z
    .array(z.strictObject({ ...seriesSchema.shape, units: count, values: float32(MAX_TRACED_WORDS * 2 * MAX_VECTOR) }))
    .max(MAX_SERIES),
});
export type TextTrace = z.infer<typeof trace>;

const vector = z.strictObject({
  word: z.string(),
  isKnown: z.boolean(),
  /** What is read of it, from 0; the last one is that of all that is not known. */
  slots: z.array(count.max(MAX_SLOTS)).max(300),
  /** The sum of its slots' vectors, [E]. */
  values: float32(MAX_VECTOR),
  /** Known words whose vectors point where its own does; without itself. */
  nearest: z.array(z.strictObject({ word: z.string(), cosine: z.number().finite() })).max(5),
});
export type WordVector = z.infer<typeof vector>;

const pair = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R) => ({ request, reply });

/** Answered by the engine that is always warm. */
export const textMethods = {
  'texts.models': pair(empty, z.strictObject({ models: z.array(textModelSchema).max(1_000) })),
  'texts.read': pair(
    z.strictObject({ modelId: identifier, texts: z.array(text).max(MAX_TEXTS) }),
    z.strictObject({ readings: z.array(textReadingSchema).max(MAX_TEXTS) }),
  ),
  /** Every gate at every word. */
  'texts.trace': pair(z.strictObject({ modelId: identifier, text }), trace),
  /** Words in a model's learned embedding. */
  'texts.vectors': pair(
    z.strictObject({ modelId: identifier, words: z.array(z.string().min(1).max(64)).max(MAX_VECTOR_WORDS) }),
    z.strictObject({ size: count, vectors: z.array(vector).max(MAX_VECTOR_WORDS) }),
  ),
} as const;
