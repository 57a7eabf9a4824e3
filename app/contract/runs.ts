// Training runs: what is stored of one (status.json in its folder), and the messages about them.
//
// Control goes to the engine process that trains, one request at a time between two steps. Reading goes to the engine that is always
// warm, which takes it from disk.
import { z } from 'zod';
import { errorSchema } from './errorMessage';
import { weightStatisticsSchema } from './inspectionQuestions';
import { layerSchema } from './network';
import { bytes, count, empty, float32, fraction, identifier, instant, int16 } from './schema';
import { runConfigSchema, textRunConfigSchema, textSourceReply, textSourceRequest } from './textRuns';
import { textTaskSchema } from './textTask';
import { trainingConfigSchema } from './trainingConfig';

/**
 * `paused` and `queued` runs go on from their checkpoint; `stopped` ones were ended by the person, with the best weights kept as a
 * model; `failed` ones keep their last good checkpoint and can be taken up again.
 */
export const runStateSchema = z.enum([
  'queued',
  'running',
  'pausing',
  'paused',
  'stopping',
  'stopped',
  'finished',
  'failed',
]);
export type RunState = z.infer<typeof runStateSchema>;

/** What a running run is at. */
export const runActivitySchema = z.enum(['reading', 'compiling', 'learning', 'validating', 'saving']);
export type RunActivity = z.infer<typeof runActivitySchema>;

const finite = z.number().finite();
/** Steps and epochs that are done, and how many there will be. */
const progressSchema = z.strictObject({
  activity: runActivitySchema,
  /** Of the activity; null where it is not known. */
  fraction: fraction.nullable(),
  epoch: count,
  epochs: count,
  step: count,
  stepsPerEpoch: count,
  utterancesPerSecond: z.number().nonnegative().finite().nullable(),
  /** To the last epoch; early stopping may end it sooner. */
  secondsLeft: z.number().nonnegative().finite().nullable(),
  /** Largest resident memory of the process that trains. */
  peakBytes: count,
});
export type RunProgress = z.infer<typeof progressSchema>;

/** The epoch whose weights are kept. */
const bestSchema = z.strictObject({
  epoch: count,
  validationLoss: finite.nullable(),
  wordError: z.number().nonnegative().nullable(),
  /** Of texts: F1 of slots, or the share whose label is right. */
  score: fraction.optional(),
});

/** Letters of what is written down about a run. */
export const MAX_NOTES = 4_000;
export const runStatusSchema = z.strictObject({
  format: z.literal('unroll-run'),
  version: z.literal(1),
  id: identifier,
  name: z.string().max(200),
  /** What the person wrote down about it. */
  notes: z.string().max(MAX_NOTES).default(''),
  createdAt: instant,
  /** What it learns of texts; left out where it learns speech. */
  task: textTaskSchema.optional(),
  state: runStateSchema,
  /** Null where it was trained from a terminal, with a manifest of its own. */
  setId: identifier.nullable(),
  /** The model it began with; null where it began with chance. */
  fromModelId: identifier.nullable(),
  /** Place in the queue, from 0; null where the run does not wait. */
  place: count.nullable(),
  parameters: count.nullable(),
  progress: progressSchema.nullable(),
  best: bestSchema.nullable(),
  /** Why it failed, or could not go on. */
  error: errorSchema.nullable(),
  /** The model it made. */
  modelId: identifier.nullable(),
  deletedAt: instant.nullable(),
});
export type RunStatus = z.infer<typeof runStatusSchema>;

/** Most steps in one message. */
export const MAX_STEPS = 20_000;
export const MAX_SKIPPED = 100;
/** A stretch of steps, as columns of equal length. */
export const runStepsSchema = z.strictObject({
  runId: identifier,
  /** Of the run, from 0. */
  first: count,
  /** Nats per utterance; NaN where it was not finite. */
  loss: float32(MAX_STEPS),
  learningRate: float32(MAX_STEPS),
  /** Global norm before clipping; NaN where it was not finite. */
  gradientNorm: float32(MAX_STEPS),
  /** Norm of each part's gradient before clipping, [steps, parts]: convolutions, then the layers from first to last, then the head. Empty where not kept. */
  partNorms: float32(MAX_STEPS * 16),
  /** 1 where the step was skipped because a loss or gradient was not finite. */
  isSkipped: bytes(MAX_STEPS),
});
export type RunSteps = z.infer<typeof runStepsSchema>;

export const runEpochSchema = z.strictObject({
  /** From 1. */
  epoch: count,
  /** Steps of the run up to its end. */
  step: count,
  trainLoss: finite.nullable(),
  validationLoss: finite.nullable(),
  /** Edits over symbols of the references, greedy. */
  symbolError: z.number().nonnegative().nullable(),
  /** Edits over words of the references, greedy. */
  wordError: z.number().nonnegative().nullable(),
  /** Words of the references: how sure the share is. */
  words: count,
  /** Of texts: share whose label, or all of whose tags, are right; and F1 of the slots that the tags write. */
  accuracy: fraction.optional(),
  slotF1: fraction.optional(),
  slotPrecision: fraction.optional(),
  slotRecall: fraction.optional(),
  /** Of texts: share of the tokens whose tag is right. */
  tokenAccuracy: fraction.optional(),
  /** Of key phrases, among the first five of each document. */
  precisionAtK: fraction.optional(),
  recallAtK: fraction.optional(),
  learningRate: z.number().nonnegative(),
  seconds: z.number().nonnegative(),
  utterancesPerSecond: z.number().nonnegative().nullable(),
  isBest: z.boolean(),
});
export type RunEpoch = z.infer<typeof runEpochSchema>;

/** A stretch of the alignment of what is said with what was heard. */
export const pieceSchema = z.strictObject({
  kind: z.enum(['same', 'put', 'added', 'leftOut']),
  /** Empty where it was added. */
  reference: z.string(),
  /** Empty where it was left out. */
  hypothesis: z.string(),
});
export type Piece = z.infer<typeof pieceSchema>;
export const hearingSchema = z.strictObject({
  rank: z.enum(['best', 'median', 'worst']),
  reference: z.string(),
  hypothesis: z.string(),
  pieces: z.array(pieceSchema).max(4_000),
  /** Edits over symbols of the reference. */
  symbolError: z.number().nonnegative(),
});
export type Hearing = z.infer<typeof hearingSchema>;

/** What the person sees before a run begins. */
const adviceSchema = z.strictObject({
  recordings: count,
  classes: count,
  speakers: count,
  /** The fewest recordings of a word, and how many of each are advised. */
  fewestPerClass: count,
  advisedPerClass: count,
  advisedSpeakers: count,
  symbols: z.array(z.string()).max(20_000),
  parameters: count,
  /** Of the model that it begins with: layers from the first on, and classes of the head, the blank among them. Null where it begins with chance. */
  kept: z.strictObject({ layers: count, classes: count }).nullable(),
});
export type RunAdvice = z.infer<typeof adviceSchema>;

/** Most epochs of weights in one message. */
export const MAX_WEIGHT_EPOCHS = 200;
/** How the weights of every parameter lay after an epoch. */
export const weightEpochSchema = z.strictObject({
  epoch: count,
  parameters: z.array(weightStatisticsSchema).max(400),
});
export type WeightEpoch = z.infer<typeof weightEpochSchema>;

const run = z.strictObject({ runId: identifier });
const status = z.strictObject({ run: runStatusSchema });
const pair = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R) => ({ request, reply });

/** A run that is thought of. */
const asked = z.strictObject({
  setId: identifier,
  config: trainingConfigSchema,
  fromModelId: identifier.nullable(),
});

/** Answered by the engine that is always warm, from disk. */
export const runReadingMethods = {
  'runs.list': pair(empty, z.strictObject({ runs: z.array(runStatusSchema).max(10_000) })),
  'runs.open': pair(
    run,
    z.strictObject({
      run: runStatusSchema,
      config: runConfigSchema,
      /** Weights of each part: convolutions (if any), the layers, the head; and what a layer is. */
      parts: z.array(z.strictObject({ layer: layerSchema.nullable(), parameters: count })).max(16),
    }),
  ),
  'runs.steps': pair(
    z.strictObject({ runId: identifier, first: count, count: count.max(MAX_STEPS) }),
    z.strictObject({ steps: runStepsSchema, total: count, parts: count }),
  ),
  /** The newest steps in which nothing was learned, since loss or gradient were not finite, and the recordings in each. */
  'runs.skipped': pair(
    run,
    z.strictObject({
      steps: z.array(z.strictObject({ runStep: count, recordings: z.array(z.string()) })).max(MAX_SKIPPED),
    }),
  ),
  'runs.epochs': pair(run, z.strictObject({ epochs: z.array(runEpochSchema).max(10_000) })),
  /** The weights after the epochs that follow one, in order and at most 200 of them; empty where there are none, or they were not kept. */
  'runs.weights': pair(
    z.strictObject({ runId: identifier, afterEpoch: count }),
    z.strictObject({ epochs: z.array(weightEpochSchema).max(MAX_WEIGHT_EPOCHS) }),
  ),
  /** What is in files of texts that a run would learn of. */
  'runs.texts': pair(textSourceRequest, textSourceReply),
  /** What to expect of a run before it is begun, but for its time. */
  'runs.advise': pair(asked, z.strictObject({ advice: adviceSchema })),
  /** Recordings of a set whose features such a run would find computed: so many of those that it reads, and their size. */
  'runs.features': pair(
    z.strictObject({ setId: identifier, config: trainingConfigSchema }),
    z.strictObject({ ready: count, of: count, bytes: count }),
  ),
  /** Validation utterances after the newest epoch: the best, the median and the worst. */
  'runs.hearings': pair(run, z.strictObject({ epoch: count, hearings: z.array(hearingSchema).max(20) })),
  /** The sound of one of them, 16 kHz mono. */
  'runs.hearingAudio': pair(
    z.strictObject({ runId: identifier, hearing: count }),
    z.strictObject({ pcm: int16(16_000 * 60) }),
  ),
} as const;

/** Answered by the engine that trains. */
export const runControlMethods = {
  /**
   * How long a run would take, from reading the recordings to the last epoch's checkpoint; null where that could not be tried. It is tried
   * out, which takes seconds.
   */
  'runs.expectedTime': pair(asked, z.strictObject({ seconds: z.number().nonnegative().nullable() })),
  'runs.start': pair(
    z.strictObject({
      name: z.string().min(1).max(200),
      setId: identifier,
      config: trainingConfigSchema,
      /** Fine-tuning: its layers are kept where they fit, its head where its symbols are the same. */
      fromModelId: identifier.nullable(),
    }),
    status,
  ),
  /** Learns of texts. */
  'runs.startText': pair(
    z.strictObject({
      name: z.string().min(1).max(200),
      ...textSourceRequest.shape,
      config: textRunConfigSchema,
    }),
    status,
  ),
  /** Ends after the step under way, with a checkpoint there; `runs.resume` goes on as though nothing had happened. */
  'runs.pause': pair(run, status),
  'runs.resume': pair(run, status),
  /** Ends for good and makes a model of the best weights. */
  'runs.stop': pair(run, status),
  /** Puts a waiting run before another, or at the end. */
  'runs.move': pair(
    z.strictObject({ runId: identifier, beforeRunId: identifier.nullable() }),
    z.strictObject({ runs: z.array(runStatusSchema) }),
  ),
  'runs.rename': pair(z.strictObject({ runId: identifier, name: z.string().min(1).max(200) }), status),
  'runs.note': pair(z.strictObject({ runId: identifier, notes: z.string().max(MAX_NOTES) }), status),
  /** A run that is not running, to the trash; its model stays. */
  'runs.delete': pair(run, empty),
  'runs.restore': pair(run, status),
  /** Raises the learning rate from step to step and looks at the loss (Smith 2017); nothing of it is kept. */
  'runs.findRate': pair(
    z.strictObject({ setId: identifier, config: trainingConfigSchema, fromModelId: identifier.nullable() }),
    z.strictObject({
      points: z.array(z.strictObject({ learningRate: z.number().positive(), loss: finite })).max(1_000),
      /** Where the smoothed loss falls most steeply; null where it does not fall. */
      suggestion: z.number().positive().nullable(),
    }),
  ),
} as const;

export const runEvents = {
  /** A run is new or has changed; at most a few times a second. */
  'runs.changed': status,
  'runs.stepped': z.strictObject({ steps: runStepsSchema, parts: count }),
  'runs.epochEnded': z.strictObject({ runId: identifier, epoch: runEpochSchema }),
} as const;
