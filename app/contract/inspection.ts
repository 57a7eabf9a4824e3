// Messages for looking inside a network while it hears one sound: what there is to see, and its values tile by tile.
//
// Two clocks: frames of the front end every `hopMs`, and steps of the layers and of the logits every `stepMs`; they are the
// same unless the network stacks frames. Step s ends with frame s · stepMs / hopMs.
import { z } from 'zod';
import { errorSchema } from './errorMessage';
import { MAX_SYMBOL_LENGTH } from './model';
import { layerSchema } from './network';
import { utteranceSchema } from './recognition';
import { count, empty, float32, fraction, identifier, int16, int32, milliseconds } from './schema';

/** Sounds longer than this are not opened. */
export const MAX_INSPECTED_MS = 600_000;
/** Steps of such a sound at the shortest hop, its tail included. */
export const MAX_STEPS = 301_000;
/** Columns of one tile, and values of one. A wider matrix comes in tiles of fewer columns. */
export const MAX_TILE_COLUMNS = 1024;
export const MAX_TILE_VALUES = 1 << 20;
/** Most values side by side in a matrix: classes of the largest alphabet, and its blank. */
const MAX_WIDTH = 20_001;

export const directionSchema = z.enum(['forward', 'reverse']);
/** Names of what cells offer, as their papers call it: "inputGate", "hidden", … */
export const activationName = z.string().regex(/^[a-z][A-Za-z0-9]{0,31}$/);

/** Where the sound comes from. */
export const inspectedSoundSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('recording'), recordingId: identifier }),
  z.strictObject({ kind: z.literal('sample'), sampleId: identifier }),
  z.strictObject({ kind: z.literal('row'), setId: identifier, rowId: count }),
]);
export type InspectedSound = z.infer<typeof inspectedSoundSchema>;

/** One activation of one reading of one layer. */
export const seriesSchema = z.strictObject({
  /** From 0, from the input up. */
  layer: count.max(11),
  direction: directionSchema,
  activation: activationName,
});
export type ActivationSeries = z.infer<typeof seriesSchema>;

/** One matrix over time. */
export const matrixSourceSchema = z.discriminatedUnion('kind', [
  /** [steps, units] */
  z.strictObject({ kind: z.literal('activation'), ...seriesSchema.shape }),
  /** Of every class, the blank last, [steps, classes]. */
  z.strictObject({ kind: z.literal('posteriors') }),
  /** What the network saw, normalised, [frames, features]. */
  z.strictObject({ kind: z.literal('features') }),
  /** Logarithm of the mel bands' power, of the model's own front end, in nats, [frames, bands]. */
  z.strictObject({ kind: z.literal('logMel') }),
]);
export type MatrixSource = z.infer<typeof matrixSourceSchema>;

/** How values may lie. gate: 0 to 1. signed: around 0, within ±bound; null: without a bound. */
export const activationSchema = z.strictObject({
  name: activationName,
  units: count,
  range: z.enum(['gate', 'signed']),
  bound: z.number().positive().nullable(),
  /** Units that lie side by side and have the same period, of a Clockwork; null elsewhere. */
  groups: z
    .array(z.strictObject({ firstUnit: count, units: count, periodSteps: count }))
    .max(16)
    .nullable(),
  /** Whether an experiment can hold it at a value. */
  isClampable: z.boolean(),
});
export type InspectedActivation = z.infer<typeof activationSchema>;

export const inspectedLayerSchema = z.strictObject({
  index: count,
  /** As the model has it. */
  spec: layerSchema,
  units: count,
  /** forward, then reverse where there is one; all have the same activations. */
  directions: z.array(directionSchema).min(1).max(2),
  activations: z.array(activationSchema).min(1).max(16),
});
export type InspectedLayer = z.infer<typeof inspectedLayerSchema>;

/** All that is known before anything is computed. */
export const inspectionSchema = z.strictObject({
  handle: identifier,
  modelId: identifier,
  durationMs: milliseconds,
  /** Of the sound as it is recorded: 16 000. */
  soundRateHz: count,
  /** Of the sound as the front end hears it, and samples of that from one frame to the next, and under one frame. */
  sampleRateHz: count,
  hopSamples: count,
  windowSamples: count,
  hopMs: z.number().positive(),
  stepMs: z.number().positive(),
  frames: count,
  steps: count,
  /** Values of a frame, and names of their kinds: static values, slopes and slopes of slopes stand one after the other. */
  features: count,
  coefficients: count,
  melBands: count,
  /** Class k is symbols[k]; the class after the last one is the blank. */
  symbols: z.array(z.string().min(1).max(MAX_SYMBOL_LENGTH)).min(1).max(20_000),
  layers: z.array(inspectedLayerSchema).min(1).max(12),
});
export type Inspection = z.infer<typeof inspectionSchema>;

/** A symbol as the best path emits it: steps [fromStep, toStep). */
export const emissionSchema = z.strictObject({
  classIndex: count,
  fromStep: count,
  toStep: count,
  /** Mean posterior over its steps. */
  confidence: fraction,
});

export const inspectedTextSchema = z.strictObject({
  /** Words as they are written, with the times of their symbols. */
  utterances: z.array(utteranceSchema).max(10_000),
  /** Every symbol as it was emitted, before words were made of them. */
  emissions: z.array(emissionSchema).max(MAX_STEPS),
  /** Most probable class of every step, and its posterior. */
  classes: int16(MAX_STEPS),
  probabilities: float32(MAX_STEPS),
});
export type InspectedText = z.infer<typeof inspectedTextSchema>;

/** By what units are put in order. */
export const unitOrderSchema = z.union([
  z.enum([
    /** As they are numbered. */
    'index',
    /** Falling mean. */
    'mean',
    /** Hierarchical clustering by correlation: neighbours do the same. */
    'similarity',
    /** Falling correlation with the sound's log power, with the strength of its pitch, and with its silence. */
    'energy',
    'voicing',
    'silence',
  ]),
  /** Falling correlation with the posterior of a class. */
  z.strictObject({ classIndex: count }),
]);
export type UnitOrder = z.infer<typeof unitOrderSchema>;

const handle = z.strictObject({ handle: identifier });
const pair = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R) => ({ request, reply });

export const inspectionMethods = {
  /**
   * Answers as soon as the frames are counted. The network hears the sound from then on, layer after layer; whoever asks for
   * what is not computed yet waits for it. A window has few open at a time: the one that was used longest ago is closed.
   */
  'inspection.open': pair(z.strictObject({ sound: inspectedSoundSchema, modelId: identifier }), inspectionSchema),
  'inspection.close': pair(handle, empty),
  'inspection.text': pair(handle, inspectedTextSchema),
  /**
   * Rows [first, first + columns · rowsPerColumn) of a matrix, each column made of so many rows: their mean, or the smallest
   * or largest of each unit. Past the end nothing comes.
   */
  'inspection.matrix': pair(
    z.strictObject({
      handle: identifier,
      source: matrixSourceSchema,
      first: count,
      columns: count.min(1).max(MAX_TILE_COLUMNS),
      rowsPerColumn: count.min(1).max(MAX_STEPS),
      reduce: z.enum(['mean', 'min', 'max']),
    }),
    z.strictObject({
      /** Those there are: fewer than asked for at the end, and where so many columns would be more than MAX_TILE_VALUES. */
      columns: count.max(MAX_TILE_COLUMNS),
      width: count.max(MAX_WIDTH),
      /** [columns, width] */
      values: float32(MAX_TILE_VALUES),
    }),
  ),
  /** Smallest and largest sample, −1 to 1, of each of equal stretches of the recorded sound. */
  'inspection.peaks': pair(
    z.strictObject({
      handle: identifier,
      firstSample: count,
      samples: count.min(1),
      columns: count.min(1).max(4096),
    }),
    z.strictObject({ smallest: float32(4096), largest: float32(4096) }),
  ),
  /** The sound itself, 16 kHz mono; empty past its end. */
  'inspection.audio': pair(
    z.strictObject({ handle: identifier, firstSample: count, samples: count.max(16_000 * 60) }),
    z.strictObject({ pcm: int16(16_000 * 60) }),
  ),
  /** Every value at one step. */
  'inspection.values': pair(
    z.strictObject({ handle: identifier, step: count }),
    z.strictObject({
      features: float32(4096),
      logMel: float32(80),
      /** Most probable first. */
      symbols: z.array(z.strictObject({ classIndex: count, probability: fraction })).max(10),
      activations: z.array(z.strictObject({ ...seriesSchema.shape, values: float32(2048) })).max(384),
    }),
  ),
  'inspection.order': pair(
    z.strictObject({ handle: identifier, series: seriesSchema, by: unitOrderSchema }),
    z.strictObject({
      /** order[k] is the unit that stands at place k. */
      order: int32(2048),
      /** Of the unit at place k: the mean or the correlation that it stands there for; empty by index and by similarity. */
      scores: float32(2048),
    }),
  ),
} as const;

export const inspectionEvents = {
  /** How far the network has heard the sound; an error ends it, and whoever waits is told the same. */
  'inspection.progress': z.strictObject({ handle: identifier, fraction, error: errorSchema.nullable() }),
} as const;
