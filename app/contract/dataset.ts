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
  /** The same bytes are in a data set that is there. */
  'already-there',
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

export const splitSchema = z.strictObject({
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
  /** Null where it was recorded in the app. */
  source: sourceSchema.nullable(),
  /** Copied into the folder, or left where they are and named by their absolute paths. */
  sound: z.enum(['copied', 'referred']),
  /** Symbols of all transcripts; none as long as nothing is in it. */
  alphabet: alphabetSchema.extend({ symbols: z.array(alphabetSchema.shape.symbols.element).max(20_000) }),
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
  /** None where nothing was taken. */
  symbols: datasetSchema.shape.alphabet.shape.symbols,
  split: splitSchema,
  parts: z.array(partAmountSchema).max(dataPartSchema.options.length),
});
export type ImportReport = z.infer<typeof importReportSchema>;

/** What a check lists at most: symbols of an alphabet, classes, outliers. Their numbers are always told in full. */
export const MAX_LISTED = 20_000;
export const MAX_OUTLIERS = 100;

const durationsSchema = z.strictObject({
  /** Seconds. */
  shortest: seconds,
  median: seconds,
  longest: seconds,
  /** Counts of recordings from `from` up to `to` seconds; the first bin begins at 0. */
  histogram: z.array(z.strictObject({ from: seconds, to: seconds, count })).max(50),
});
const outlierSchema = z.strictObject({
  file: path,
  line: z.number().int().positive(),
  secondsPerSymbol: seconds,
  /** A slow one may have silence or unwritten speech, a fast one a text that is not said. */
  kind: z.enum(['slow', 'fast']),
});
export const adviceCodeSchema = z.enum([
  'no-speakers',
  'few-speakers',
  'no-validation',
  'few-per-class',
  'unbalanced',
  'rare-symbols',
  'unlearned-symbols',
  'long-recordings',
  'speaker-in-parts',
  'silent-recordings',
  'outliers',
]);
export type AdviceCode = z.infer<typeof adviceCodeSchema>;
export const checkReportSchema = z.strictObject({
  folder: path,
  usable: amountSchema,
  parts: z.array(partAmountSchema).max(dataPartSchema.options.length),
  durations: durationsSchema.nullable(),
  /** Of all usable texts, the most frequent first. */
  symbols: z.array(z.strictObject({ symbol: z.string(), count })).max(MAX_LISTED),
  /** Symbols of texts that dataset.json's alphabet lacks, as after an edit; empty where there is no dataset.json. */
  unmappable: z
    .array(z.strictObject({ symbol: z.string(), file: path, line: z.number().int().positive() }))
    .max(MAX_LISTED),
  /** Recordings by their text, where at least half the texts repeat, as single words do; else by the words in them. The most frequent first. */
  classes: z.strictObject({
    by: z.enum(['text', 'word']),
    number: count,
    list: z.array(z.strictObject({ text: z.string(), recordings: count, speakers: count })).max(MAX_LISTED),
  }),
  secondsPerSymbol: z
    .strictObject({
      median: seconds,
      number: count,
      /** The farthest from the median first. */
      outliers: z.array(outlierSchema).max(MAX_OUTLIERS),
    })
    .nullable(),
  /** What cannot be trained on. */
  leftOut: leftOutSchema,
  advice: z
    .array(z.strictObject({ code: adviceCodeSchema, params: z.record(z.string(), z.union([z.string(), z.number()])) }))
    .max(adviceCodeSchema.options.length),
});
export type CheckReport = z.infer<typeof checkReportSchema>;
