// Messages about data sets: what is in them, how recordings come in, how they are looked at and mended.
import { z } from 'zod';
import { checkReportSchema, dataPartSchema, importFormatSchema, importReportSchema, splitSchema } from './dataset';
import { errorSchema } from './errorMessage';
import { bytes, count, empty, fileName, float32, fraction, identifier, instant, int16, milliseconds } from './schema';
import { augmentationSchema } from './trainingConfig';

/** Largest piece of a file in one message. */
export const MAX_PIECE_BYTES = 1 << 20;
/** A take is cut there. */
export const MAX_TAKE_SECONDS = 60;
const RATE_HZ = 16_000;

/** How a data set came to be. */
export const dataOriginSchema = z.enum(['imported', 'recorded', 'sample']);
export type DataOrigin = z.infer<typeof dataOriginSchema>;

export const dataSetSchema = z.strictObject({
  id: identifier,
  title: z.string().max(200),
  createdAt: instant,
  /** Those that are not left out by the person. */
  recordings: count,
  seconds: z.number().nonnegative(),
  speakers: count,
  origin: dataOriginSchema,
  /** How its recordings were parted. */
  split: splitSchema,
  /** Why its files cannot be used; it is shown and left as it is. Null where all is well. */
  problem: errorSchema.nullable(),
});
export type DataSet = z.infer<typeof dataSetSchema>;

/**
 * What is to be looked at in a row; each has its sentence in the window's language. `params` are the values of that sentence:
 * too-short: symbols, needed and seconds; unreadable: error and its own values, as LeftOutExample; unmappable: symbol; slow and
 * fast: seconds (a symbol) and median; much-silence: silence and seconds; the others have none. Numbers are rounded for people.
 */
export const rowNoteSchema = z.strictObject({
  code: z.enum([
    'too-short',
    'empty-text',
    'unreadable',
    'missing',
    'unmappable',
    'slow',
    'fast',
    'much-silence',
    'silent',
    'clipped',
  ]),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type RowNote = z.infer<typeof rowNoteSchema>;

/** Where a row stands in the set's list, which has a header: the line that a check names. */
export const lineOfRow = (rowId: number): number => rowId + 2;

export const dataRowSchema = z.strictObject({
  /** Stays the row's own for as long as the set lives. */
  rowId: count,
  /** Of its file, for people. */
  name: z.string().max(255),
  text: z.string().max(10_000),
  speaker: z.string().max(200).nullable(),
  part: dataPartSchema,
  /** Null where the sound cannot be read. */
  seconds: z.number().nonnegative().nullable(),
  secondsPerSymbol: z.number().nonnegative().nullable(),
  isLeftOut: z.boolean(),
  notes: z.array(rowNoteSchema).max(10),
  /** Loudest value of each of equal stretches of the sound, 0 to 1; empty where it cannot be read. */
  peaks: float32(96),
});
export type DataRow = z.infer<typeof dataRowSchema>;

/** What a take is like, so that a bad one is noticed while the person is still there. */
export const takeCheckSchema = z.strictObject({
  takeId: identifier,
  durationMs: milliseconds,
  /** Where the voice begins and ends. */
  fromMs: milliseconds,
  toMs: milliseconds,
  /** Of the loudest sample, dB below full scale; null in digital silence. */
  peakDb: z.number().max(0).nullable(),
  isClipped: z.boolean(),
  isTooQuiet: z.boolean(),
  /** Whether a voice was found in it; without one the whole take is kept. */
  hasVoice: z.boolean(),
  /** The voice over the room; null where there was no voice or no pause. */
  signalToNoiseDb: z.number().nullable(),
  /** What the present model hears; null where it knows none of the prompt's words. */
  heard: z.string().nullable(),
  peaks: float32(400),
});
export type TakeCheck = z.infer<typeof takeCheckSchema>;

/** The names of the folders from the one that was chosen, and of the file: no path, and checked before anything is made of them. */
const placeSchema = z
  .array(fileName.refine((name) => name !== '.' && name !== '..', { message: 'Expected a name' }))
  .min(1)
  .max(16);

const set = z.strictObject({ setId: identifier });
const row = z.strictObject({ setId: identifier, rowId: count });
const answerSet = z.strictObject({ set: dataSetSchema });
const pair = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R) => ({ request, reply });

export const dataMethods = {
  'data.list': pair(empty, z.strictObject({ sets: z.array(dataSetSchema).max(10_000) })),
  'data.create': pair(z.strictObject({ title: z.string().min(1).max(200) }), answerSet),
  'data.rename': pair(z.strictObject({ setId: identifier, title: z.string().min(1).max(200) }), answerSet),
  'data.delete': pair(set, empty),
  'data.restore': pair(set, answerSet),
  /** The sample set of the bundled recordings, made where it is not there yet. */
  'data.openSample': pair(empty, answerSet),

  // An import: files travel as bytes, in pieces, and are then read as a data set.
  'data.upload': pair(
    z.strictObject({ title: z.string().min(1).max(200), files: count.max(1_000_000), byteLength: count.max(2 ** 40) }),
    z.strictObject({ uploadId: identifier }),
  ),
  'data.piece': pair(
    z.strictObject({ uploadId: identifier, place: placeSchema, offset: count, bytes: bytes(MAX_PIECE_BYTES) }),
    /** Bytes of this file that are there. */
    z.strictObject({ received: count }),
  ),
  /**
   * Paths in the report are those below the folder that was chosen. The upload is over where a set came of it; else it stays, for
   * another try in another format, until it is cancelled.
   */
  'data.import': pair(
    z.strictObject({
      uploadId: identifier,
      /** Null: found by what is there. */
      format: importFormatSchema.nullable(),
      /** What comes of recordings that are in a data set already. */
      alreadyThere: z.enum(['leave-out', 'take']),
      /** A set in whose place this import is made: what is in it does not count as being there. */
      replaces: identifier.nullable(),
    }),
    /**
     * No set where not one recording could be taken: the report says why. No report where what was sent is a whole set that was saved
     * as one file: it is opened as it was.
     */
    z.strictObject({ set: dataSetSchema.nullable(), report: importReportSchema.nullable() }),
  ),
  'data.cancelUpload': pair(z.strictObject({ uploadId: identifier }), empty),

  // A whole set as one file: the engine packs it in a place of its own, the window fetches it in pieces.
  'data.export': pair(set, z.strictObject({ exportId: identifier })),
  /** Answered when the file is whole. */
  'data.exportPack': pair(z.strictObject({ exportId: identifier }), z.strictObject({ byteLength: count })),
  'data.exportPiece': pair(
    z.strictObject({ exportId: identifier, offset: count }),
    /** Empty at the end. */
    z.strictObject({ bytes: bytes(MAX_PIECE_BYTES) }),
  ),
  /** Fetched or given up: nothing of it is kept. */
  'data.exportClose': pair(z.strictObject({ exportId: identifier }), empty),

  'data.rows': pair(
    z.strictObject({ setId: identifier, first: count, count: count.max(500) }),
    z.strictObject({ rows: z.array(dataRowSchema).max(500), total: count }),
  ),
  'data.check': pair(set, z.strictObject({ report: checkReportSchema })),
  'data.edit': pair(
    z.strictObject({
      setId: identifier,
      rowId: count,
      text: z.string().max(10_000),
      speaker: z.string().max(200).nullable(),
      isLeftOut: z.boolean(),
    }),
    z.strictObject({ row: dataRowSchema }),
  ),
  /** Its sound, 16 kHz mono; of a longer one the first minute. */
  'data.audio': pair(row, z.strictObject({ pcm: int16(RATE_HZ * MAX_TAKE_SECONDS) })),
  'data.split': pair(
    z.strictObject({ setId: identifier, seed: splitSchema.shape.seed, validation: fraction, test: fraction }),
    z.strictObject({ split: splitSchema }),
  ),
  /** A recording of the library, with its text as the person left it, becomes a row. */
  'data.addRecording': pair(
    z.strictObject({ setId: identifier, recordingId: identifier, modelId: identifier }),
    z.strictObject({ row: dataRowSchema }),
  ),

  // Takes: one prompt, spoken once. On disk as it comes.
  'data.takeStart': pair(
    z.strictObject({
      setId: identifier,
      prompt: z.string().min(1).max(1_000),
      speaker: z.string().min(1).max(200),
      device: z.string().max(200),
    }),
    z.strictObject({ takeId: identifier }),
  ),
  'data.takeChunk': pair(
    z.strictObject({ takeId: identifier, firstSample: count, pcm: int16(RATE_HZ * 5) }),
    z.strictObject({ samplesOnDisk: count }),
  ),
  'data.takeFinish': pair(z.strictObject({ takeId: identifier }), z.strictObject({ check: takeCheckSchema })),
  'data.takeKeep': pair(
    z.strictObject({ takeId: identifier, fromMs: milliseconds, toMs: milliseconds }),
    z.strictObject({ row: dataRowSchema }),
  ),
  'data.takeDiscard': pair(z.strictObject({ takeId: identifier }), empty),
  /** Nobody will decide about it now: with a voice in it, it becomes a row that is left out until the person has heard it. */
  'data.takeLeave': pair(z.strictObject({ takeId: identifier }), empty),

  /** One row as training would disturb it, to be heard and seen. */
  'data.disturb': pair(
    z.strictObject({ setId: identifier, rowId: count, augmentation: augmentationSchema, seed: count }),
    z.strictObject({
      pcm: int16(RATE_HZ * MAX_TAKE_SECONDS),
      /** Features before and after all disturbances, masks included, [frames, coefficients]. */
      before: float32(512 * 6_000),
      after: float32(512 * 6_000),
      coefficients: count,
    }),
  ),
} as const;

export const dataEvents = {
  'data.changed': z.strictObject({ setIds: z.array(identifier).max(10_000) }),
  'data.importing': z.strictObject({ uploadId: identifier, done: count, of: count }),
  /** Sounds that are packed, of all. */
  'data.exporting': z.strictObject({ exportId: identifier, done: count, of: count }),
} as const;
