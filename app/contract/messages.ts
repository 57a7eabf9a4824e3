// Every message between window and engine. The gateway validates by these schemas; types on both sides are inferred from them.
import { z } from 'zod';
import { dataEvents, dataMethods } from './dataSets';
import { decodingChoiceSchema } from './decoding';
import { errorSchema, type ErrorMessage } from './errorMessage';
import { inspectionEvents, inspectionMethods } from './inspection';
import {
  inspectionQuestionMethods,
  surveyEvents,
  surveyMethods,
  watchEvents,
  watchMethods,
} from './inspectionQuestions';
import { alphabetSchema, modelCardSchema } from './model';
import { modelEvents, modelMethods } from './models';
import { labEvents, labMethods, labTrainingMethods } from './lab';
import { libraryMethods } from './library';
import { liveFileMethods } from './liveFile';
import { convolutionSchema, layerSchema, networkSchema, stackSchema } from './network';
import { paperId } from './papers';
import { frontEndSchema } from '../features/settings';
import { alternativeSchema, recognisedSchema, settledAnewSchema } from './recognition';
import { marksSchema, recordingManifestSchema, recordingSummarySchema } from './recording';
import { rungReasonSchema, rungSchema } from './rung';
import { runControlMethods, runEvents, runReadingMethods } from './runs';
import {
  bytes,
  count,
  empty,
  fileName,
  float32,
  fraction,
  identifier,
  instant,
  int16,
  milliseconds,
  realTimeFactor,
} from './schema';
import { storageMethods } from './storage';
import { textMethods } from './texts';
import { updateEvents, updateMethods } from './updates';
import { watchingEvents, watchingMethods } from './watching';

/** Longest piece of sound in one message. */
export const MAX_CHUNK_SAMPLES = 16_000 * 5;
/** Largest piece of a file in one message. */
export const MAX_FILE_PIECE_BYTES = 1 << 20;
export const MAX_FILE_BYTES = 1 << 30;
export const RECORDING_SAMPLE_RATE_HZ = 16_000;
/** As many recordings as the lists beside the library show; the library itself asks page by page. */
export const MAX_NEWEST_RECORDINGS = 500;

const modelSummary = z.strictObject({
  id: identifier,
  name: z.strictObject({ en: z.string(), zh: z.string() }),
  isStreaming: z.boolean(),
  /** Reads files unless the person chose another. */
  isDefault: z.boolean(),
  /** Listens unless the person chose another. */
  isLiveDefault: z.boolean(),
  card: modelCardSchema,
});
export type ModelSummary = z.infer<typeof modelSummary>;

export const fileStateSchema = z.enum([
  'receiving',
  'queued',
  'decoding',
  'transcribing',
  'done',
  'failed',
  'cancelled',
]);
export type FileState = z.infer<typeof fileStateSchema>;

/** A word of a recording's transcript by one model. */
const wordPlace = { recordingId: identifier, modelId: identifier, utterance: count, word: count } as const;

const pair = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R) => ({ request, reply });

/** What the host of the window answers itself. Nothing of them is an address of the window's. */
const hostMethods = {
  /** The system's own panel. False where there is none. */
  'system.openMicrophoneSettings': pair(empty, z.strictObject({ isOpened: z.boolean() })),
  /** In the person's browser. False where the system opened none. */
  'system.openPaper': pair(z.strictObject({ paper: paperId }), z.strictObject({ isOpened: z.boolean() })),
  /**
   * The folder of a model, or with null the whole that the person keeps, in the system's file manager. False where the system opened
   * none; `place` is where it lies, for the person to read.
   */
  'system.openFolder': pair(
    z.strictObject({ modelId: identifier.nullable() }),
    z.strictObject({ isOpened: z.boolean(), place: z.string().max(10_000) }),
  ),
  /** Captions in a window of the host's that stays on top. False where the host has no windows. */
  'system.openCaptions': pair(empty, z.strictObject({ isOpened: z.boolean() })),
  /** Starts the engine once more where it was given up. */
  'system.startEngine': pair(empty, empty),
  /** Versions and the newest lines of the host's log, for a report of a mistake. */
  'system.report': pair(empty, z.strictObject({ text: z.string().max(100_000) })),
  /** A sound that the host gave to the engine itself (of the watched folder, or opened from the system), once more, under a new name. */
  'files.retry': pair(z.strictObject({ fileId: identifier }), z.strictObject({ fileId: identifier })),
  ...liveFileMethods,
  ...watchingMethods,
  ...updateMethods,
} as const;

/** Requests by name: what is asked and what is answered. */
export const methods = {
  'system.info': pair(
    empty,
    z.strictObject({
      version: z.string(),
      rung: rungSchema,
      /** Null on the top rung. */
      rungReason: rungReasonSchema.nullable(),
      backend: z.string(),
      host: z.enum(['electron', 'browser']),
    }),
  ),
  ...hostMethods,
  'models.list': pair(empty, z.strictObject({ models: z.array(modelSummary) })),
  'models.open': pair(
    z.strictObject({ modelId: identifier }),
    z.strictObject({
      id: identifier,
      frontEnd: frontEndSchema,
      /** Time between two frames' symbols; the front end's hop if left out. */
      stepMs: z.number().positive().optional(),
      alphabet: alphabetSchema,
      isStreaming: z.boolean(),
      card: modelCardSchema,
    }),
  ),
  /** What a model is made of; unlike `models.open` it leaves the weights on disk. */
  'models.describe': pair(
    z.strictObject({ modelId: identifier }),
    z.strictObject({
      frontEnd: frontEndSchema,
      alphabet: alphabetSchema,
      network: networkSchema,
      card: modelCardSchema,
    }),
  ),

  /** The size of a network that training would make. */
  'network.describe': pair(
    z.strictObject({
      frontEnd: frontEndSchema,
      /** Words to learn; the head has a class for each of their symbols, and for what is beside words. */
      vocabulary: z.array(z.string().min(1).max(64)).max(100_000),
      /** In the place of the vocabulary: the symbols of a data set whose words are spelled out. */
      symbols: z.array(z.string()).min(1).max(20_000).optional(),
      convolutions: z.array(convolutionSchema).max(6).optional(),
      stack: stackSchema.optional(),
      layers: z.array(layerSchema).min(1).max(12),
    }),
    /** Numbers that are learned: all, and those of each convolution and layer from first to last, then of the head. */
    z.strictObject({ parameters: count, parts: z.array(count).max(19) }),
  ),

  // Live listening. One chunk carries the sound and the frames that became complete with it.
  'listen.start': pair(
    z.strictObject({
      modelId: identifier,
      source: z.enum(['microphone', 'sample']),
      decoding: decodingChoiceSchema.optional(),
      /** Reads each line once more when it has ended; left out: what has settled stays. */
      settleModelId: identifier.optional(),
    }),
    z.strictObject({ streamId: identifier, recordingId: identifier }),
  ),
  'listen.chunk': pair(
    z.strictObject({
      streamId: identifier,
      /** Index of pcm[0] in the recording; a chunk that was already taken is ignored. */
      firstSample: count,
      /** 16 kHz mono. */
      pcm: int16(MAX_CHUNK_SAMPLES),
      firstFrame: count,
      /** Frames ready for the network, [n, D]. */
      frames: float32(600 * 512),
    }),
    z.strictObject({ samplesOnDisk: count, bytesOnDisk: count }),
  ),
  /** Puts these marks in the place of those of the recording under way. Answered when they are on disk. */
  'listen.mark': pair(z.strictObject({ streamId: identifier, marks: marksSchema }), empty),
  /** Lines, by the start of their first settled word, whose text the person gave back to what had settled: all there are now. */
  'listen.giveBack': pair(z.strictObject({ streamId: identifier, lines: z.array(milliseconds).max(100_000) }), empty),
  /** Ends the stream; `frames` are those that only became complete by the end (deltas, tail). */
  'listen.finish': pair(
    z.strictObject({ streamId: identifier, firstFrame: count, frames: float32(600 * 512) }),
    z.strictObject({ recording: recordingSummarySchema, realTimeFactor }),
  ),
  /** After an engine restart: what is on disk is heard again, the window sends the rest. */
  'listen.resume': pair(
    z.strictObject({
      recordingId: identifier,
      modelId: identifier,
      decoding: decodingChoiceSchema.optional(),
      settleModelId: identifier.optional(),
    }),
    z.strictObject({ streamId: identifier, samplesOnDisk: count, framesTaken: count }),
  ),

  // Files travel as bytes, in pieces.
  'files.add': pair(
    z.strictObject({
      name: fileName,
      byteLength: count.max(MAX_FILE_BYTES),
      modelId: identifier,
      decoding: decodingChoiceSchema.optional(),
    }),
    z.strictObject({ fileId: identifier }),
  ),
  'files.piece': pair(
    z.strictObject({ fileId: identifier, offset: count, bytes: bytes(MAX_FILE_PIECE_BYTES) }),
    z.strictObject({ received: count }),
  ),
  'files.cancel': pair(z.strictObject({ fileId: identifier }), empty),
  /** All files rest where they are, and go on from there. */
  'files.rest': pair(z.strictObject({ isResting: z.boolean() }), empty),

  /** The newest, at most MAX_NEWEST_RECORDINGS; the sums are those of all. */
  'recordings.list': pair(
    empty,
    z.strictObject({
      recordings: z.array(recordingSummarySchema).max(MAX_NEWEST_RECORDINGS),
      total: count,
      totalMs: milliseconds,
      totalBytes: count,
    }),
  ),
  'recordings.get': pair(
    z.strictObject({ recordingId: identifier }),
    z.strictObject({ recording: recordingManifestSchema, summary: recordingSummarySchema }),
  ),
  /** A piece of the recording's sound, 16 kHz mono; empty past its end. */
  'recordings.audio': pair(
    z.strictObject({ recordingId: identifier, firstSample: count, samples: count.max(16_000 * 60) }),
    z.strictObject({ pcm: int16(16_000 * 60), totalSamples: count }),
  ),
  /** An empty title takes the name away again. */
  'recordings.rename': pair(
    z.strictObject({ recordingId: identifier, title: z.string().max(200) }),
    z.strictObject({ recording: recordingSummarySchema }),
  ),
  /** Puts these marks in the place of those there are. */
  'recordings.mark': pair(
    z.strictObject({ recordingId: identifier, marks: marksSchema }),
    z.strictObject({ recording: recordingSummarySchema }),
  ),
  /** What else the sound of a word may say, most probable first. */
  'recordings.alternatives': pair(
    z.strictObject(wordPlace),
    z.strictObject({ alternatives: z.array(alternativeSchema).max(20) }),
  ),
  /** Moves to the trash; `restore` brings it back. */
  'recordings.delete': pair(z.strictObject({ recordingId: identifier }), empty),
  'recordings.restore': pair(
    z.strictObject({ recordingId: identifier }),
    z.strictObject({ recording: recordingSummarySchema }),
  ),

  ...modelMethods,
  ...storageMethods,
  ...libraryMethods,
  ...dataMethods,
  ...runReadingMethods,
  ...runControlMethods,
  ...inspectionMethods,
  ...inspectionQuestionMethods,
  ...surveyMethods,
  ...watchMethods,
  ...labMethods,
  ...labTrainingMethods,
  ...textMethods,

  'samples.list': pair(
    empty,
    z.strictObject({
      samples: z.array(
        z.strictObject({
          id: identifier,
          title: z.strictObject({ en: z.string(), zh: z.string() }),
          durationMs: milliseconds,
          peaks: float32(400),
        }),
      ),
    }),
  ),
  'samples.audio': pair(z.strictObject({ sampleId: identifier }), z.strictObject({ pcm: int16(16_000 * 60) })),
} as const;
export type MethodName = keyof typeof methods;
export type HostMethodName = keyof typeof hostMethods;
export const isHostMethod = (method: MethodName): method is HostMethodName => Object.hasOwn(hostMethods, method);
/** What the engine that trains answers. */
export const trainingMethods = { ...runControlMethods, ...labTrainingMethods } as const;
export type TrainingMethodName = keyof typeof trainingMethods;
/** What an engine answers. */
export type EngineMethodName = Exclude<MethodName, HostMethodName>;
/** What the engine that listens answers. */
export type ListeningMethodName = Exclude<EngineMethodName, TrainingMethodName>;
export type RequestOf<M extends MethodName> = z.infer<(typeof methods)[M]['request']>;
export type ReplyOf<M extends MethodName> = z.infer<(typeof methods)[M]['reply']>;

/** Events from engine or main to the window. */
export const events = {
  'engine.state': z.strictObject({
    state: z.enum(['starting', 'ready', 'restarting', 'failed']),
    error: errorSchema.nullable(),
  }),
  'listen.recognised': recognisedSchema,
  'listen.settledAnew': settledAnewSchema,
  'listen.failed': z.strictObject({ streamId: identifier, error: errorSchema }),
  'files.progress': z.strictObject({
    fileId: identifier,
    name: z.string(),
    state: fileStateSchema,
    fraction,
    error: errorSchema.nullable(),
    recordingId: identifier.nullable(),
    /** A recording with the same sound that was there before; null until the file is done, and where there is none. */
    sameAs: identifier.nullable(),
    /** Of reading, features, network and text; null until the file is done. */
    realTimeFactor,
    at: instant,
  }),
  /** A finished, renamed, deleted, restored or recovered recording: lists are asked for anew. */
  'recordings.changed': z.strictObject({ recoveredIds: z.array(identifier).max(1_000) }),
  /** A file that the person opened with the program, from the system: what it was taken for, and what was wrong with it. */
  'system.opened': z.strictObject({
    name: z.string().max(1_000),
    taken: z.enum(['sound', 'model']),
    error: errorSchema.nullable(),
  }),
  /** There is a model more, or one is called differently: the list is asked for anew. */
  'models.changed': empty,
  ...modelEvents,
  ...dataEvents,
  ...runEvents,
  ...inspectionEvents,
  ...surveyEvents,
  ...watchEvents,
  ...labEvents,
  ...watchingEvents,
  ...updateEvents,
} as const;
export type EventName = keyof typeof events;
export type EventOf<E extends EventName> = z.infer<(typeof events)[E]>;

/** The envelopes on every wire: window ⇄ gateway and gateway ⇄ engine. */
export type RequestEnvelope = {
  readonly kind: 'request';
  readonly id: number;
  readonly method: MethodName;
  readonly body: unknown;
};
export type ReplyEnvelope =
  | { readonly kind: 'reply'; readonly id: number; readonly isOk: true; readonly body: unknown }
  | { readonly kind: 'reply'; readonly id: number; readonly isOk: false; readonly error: ErrorMessage };
export type EventEnvelope = { readonly kind: 'event'; readonly event: EventName; readonly body: unknown };
export type Envelope = RequestEnvelope | ReplyEnvelope | EventEnvelope;
