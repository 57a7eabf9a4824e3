// A data set on disk: dataset.json, what its import took and left out, and what a check of it found.
import { z } from 'zod';
import { alphabetSchema } from './model';
import { count, fraction } from './schema';

export const importFormatSchema = z.enum([
  'manifest',
  'deepspeech',
  'common-voice',
  'librispeech',
  'ljspeech',
  'kaldi',
  'paired-text',
  'word-folders',
  'fsdd',
]);
export type ImportFormat = z.infer<typeof importFormatSchema>;

/** Which part of a data set a recording belongs to: what is learned, what training is watched by, what is never looked at. */
export const dataPartSchema = z.enum(['train', 'validation', 'test']);
export type DataPart = z.infer<typeof dataPartSchema>;

export const leftOutReasonSchema = z.enum([
  /** The sound is not where the list says. */
  'missing-file',
  'unreadable-audio',
  /** There is sound, but no text belongs to it. */
  'no-transcript',
  'unreadable-transcript',
  'empty-transcript',
  /** A sign that no alphabet can hold. */
  'unmappable-transcript',
  /** CTC needs a frame for each symbol and one between equal ones. */
  'too-short',
  /** A text names a recording that the lists do not know. */
  'unknown-recording',
  /** The sound would come out of a command, and commands of a data set are never run. */
  'piped-command',
  /** The same stretch of sound was taken before. */
  'duplicate',
  'bad-line',
  /** Noise that comes with a data set. */
  'not-speech',
  /** A path that a line of a manifest cannot hold. */
  'unwritable-path',
]);
export type LeftOutReason = z.infer<typeof leftOutReasonSchema>;

/** Examples of one reason that a report names; their number is always told in full. */
export const MAX_EXAMPLES = 10;
const path = z.string().min(1).max(4096);
const seconds = z.number().nonnegative();

const leftOutExampleSchema = z.strictObject({
  /** The list that names it, or the sound itself. */
  file: path,
  /** From 1; null where `file` is no list. */
  line: z.number().int().positive().nullable(),
  /** Values of the reason's sentence. */
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type LeftOutExample = z.infer<typeof leftOutExampleSchema>;

const leftOutGroupSchema = z.strictObject({
  reason: leftOutReasonSchema,
  count: count.min(1),
  examples: z.array(leftOutExampleSchema).min(1).max(MAX_EXAMPLES),
});
export type LeftOutGroup = z.infer<typeof leftOutGroupSchema>;
const leftOutSchema = z.array(leftOutGroupSchema).max(leftOutReasonSchema.options.length);

const amountSchema = z.strictObject({
  recordings: count,
  seconds,
  /** Different speakers that are known by name. */
  speakers: count,
  /** Of all transcripts, by white space. */
  words: count,
});
export type Amount = z.infer<typeof amountSchema>;

/** Where a data set came from and in which form it was found. */
const sourceSchema = z.strictObject({
  path,
  format: importFormatSchema,
  /** Why this format; null where a person named it. */
  evidence: z.strictObject({ file: z.string().max(4096) }).nullable(),
});

const splitSchema = z.strictObject({
  seed: z.number().int().min(0),
  /** Shares of the speakers or recordings that were asked for. */
  validation: fraction,
  test: fraction,
  /** By recording where fewer than two speakers are known: then the same voice may be on both sides. */
  by: z.enum(['speaker', 'recording']),
});
export type Split = z.infer<typeof splitSchema>;

/** dataset.json; the recordings themselves are in manifest.tsv beside it. */
export const datasetSchema = z.strictObject({
  format: z.literal('unroll-dataset'),
  version: z.literal(1),
  source: sourceSchema,
  /** Copied into the folder, or left where they are and named by their absolute paths. */
  sound: z.enum(['copied', 'referred']),
  /** Symbols of all transcripts. */
  alphabet: alphabetSchema,
  split: splitSchema,
  taken: amountSchema,
  leftOut: leftOutSchema,
});
export type Dataset = z.infer<typeof datasetSchema>;

const partAmountSchema = amountSchema.extend({ part: dataPartSchema });
export const importReportSchema = z.strictObject({
  folder: path,
  source: sourceSchema,
  sound: datasetSchema.shape.sound,
  taken: amountSchema,
  leftOut: leftOutSchema,
  symbols: alphabetSchema.shape.symbols,
  split: splitSchema,
  parts: z.array(partAmountSchema).max(dataPartSchema.options.length),
});
export type ImportReport = z.infer<typeof importReportSchema>;
