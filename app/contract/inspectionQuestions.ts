// Messages that ask a network why: which units, what if, which frames mattered, how far memory reaches, what is alike.
import { z } from 'zod';
import { confusionsSchema } from './confusions';
import { errorSchema } from './errorMessage';
import {
  activationName,
  directionSchema,
  inspectedSoundSchema,
  inspectionSchema,
  matrixSourceSchema,
  MAX_STEPS,
  seriesSchema,
} from './inspection';
import { count, empty, float32, fraction, identifier, int32 } from './schema';

const MAX_UNITS = 2048;
const MAX_CHOSEN_UNITS = 200;
/** Symbols of an alphabet whose units are compared with every one of them. */
export const MAX_COMPARED_SYMBOLS = 64;
const MAX_SIGNALS = 3 + MAX_COMPARED_SYMBOLS + 1;
/** Series of the largest network: 12 layers, 2 directions, 16 activations. */
const MAX_SERIES = 384;

/** Steps [fromStep, toStep). */
const span = { fromStep: count, toStep: count } as const;
const layerReading = { layer: count.max(11), direction: directionSchema } as const;

/** One unit of one activation. */
export const unitSchema = z.strictObject({ ...seriesSchema.shape, unit: count });
export type InspectedUnit = z.infer<typeof unitSchema>;

/** A unit that is open inside a span and closed outside: LSTMVis's question. */
export const foundUnitSchema = z.strictObject({
  ...unitSchema.shape,
  /** Share of steps at which it is open, inside the span and outside. */
  openInside: fraction,
  openOutside: fraction,
  meanInside: z.number(),
  meanOutside: z.number(),
});
export type FoundUnit = z.infer<typeof foundUnitSchema>;

/** Where the same units are open at the same time. */
export const matchSchema = z.strictObject({
  sound: inspectedSoundSchema,
  /** Of its sound, for people: the row's name, or the recording's title. */
  name: z.string().max(255),
  text: z.string().max(10_000),
  ...span,
  fromMs: z.number().nonnegative(),
  toMs: z.number().nonnegative(),
  /** Mean share of the units that are open inside, less that of the steps just around it. */
  score: z.number(),
});
export type PatternMatch = z.infer<typeof matchSchema>;

/** What goes on at every step: the sound's log power, the strength of its pitch, its silence, or the posterior of a class. */
export const stepSignalSchema = z.union([
  z.enum(['energy', 'voicing', 'silence']),
  z.strictObject({ classIndex: count }),
]);
export type StepSignal = z.infer<typeof stepSignalSchema>;

/** Statistics of one activation of one reading over everything that was heard; arrays are [units]. */
export const seriesStatisticsSchema = z.strictObject({
  ...seriesSchema.shape,
  mean: float32(MAX_UNITS),
  deviation: float32(MAX_UNITS),
  /** Fraction of the steps above 0.5: a gate is open. */
  open: float32(MAX_UNITS),
  /** Fraction of the steps above 0.9, and below 0.1 for a gate or −0.9 for a signed value: saturated right and left. */
  high: float32(MAX_UNITS),
  low: float32(MAX_UNITS),
  /** Pearson's, with every signal, [signals, units]; 0 where one of both never moves. */
  correlations: float32(MAX_UNITS * MAX_SIGNALS),
});
export const readingStatisticsSchema = z.strictObject({
  ...layerReading,
  /** The gate that says how much of the memory is kept; null where the cell has none. */
  keepGate: activationName.nullable(),
  /** Of each unit, from its mean keep gate f̄: −1 / ln f̄ steps; infinite where it is always open; empty without such a gate. */
  timeConstantSteps: float32(MAX_UNITS),
  timeConstantMs: float32(MAX_UNITS),
  /** Units whose hidden value hardly moves (deviation below 0.001). */
  deadUnits: int32(MAX_UNITS),
});
export const surveyResultSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('statistics'),
    sounds: count,
    steps: count,
    leftOut: count,
    /** What units were compared with: the sound's, and every class of an alphabet of at most 64 symbols. */
    signals: z.array(stepSignalSchema).max(MAX_SIGNALS),
    series: z.array(seriesStatisticsSchema).max(MAX_SERIES),
    readings: z.array(readingStatisticsSchema).max(24),
  }),
  /** Best first. */
  z.strictObject({
    kind: z.literal('matches'),
    sounds: count,
    leftOut: count,
    matches: z.array(matchSchema).max(200),
  }),
  confusionsSchema,
]);
export type SurveyResult = z.infer<typeof surveyResultSchema>;

export const surveyTaskSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('statistics') }),
  z.strictObject({ kind: z.literal('confusions') }),
  z.strictObject({
    kind: z.literal('matches'),
    units: z.array(unitSchema).min(1).max(MAX_CHOSEN_UNITS),
    threshold: z.number().finite(),
    /** Of the span that the units were found in: matches are as long. */
    steps: count.min(1).max(10_000),
  }),
]);
export type SurveyTask = z.infer<typeof surveyTaskSchema>;

/** What an experiment does to the network while it hears. Steps are those of the layer's own reading of the sound. */
export const interventionSchema = z.discriminatedUnion('kind', [
  /** Holds units of an activation at a value: 1 an open gate, 0 a shut one. */
  z.strictObject({
    kind: z.literal('clamp'),
    ...seriesSchema.shape,
    /** Null: all. */
    units: z
      .array(count.max(MAX_UNITS - 1))
      .min(1)
      .max(MAX_UNITS)
      .nullable(),
    value: z.number().finite(),
    ...span,
  }),
  /** Silences units: what they hand up and what they remember is 0. */
  z.strictObject({
    kind: z.literal('ablate'),
    ...layerReading,
    units: z
      .array(count.max(MAX_UNITS - 1))
      .min(1)
      .max(MAX_UNITS),
    ...span,
  }),
  /** Empties the memory before a step; layer null: of every layer. */
  z.strictObject({ kind: z.literal('forget'), layer: count.max(11).nullable(), step: count }),
]);
export type Intervention = z.infer<typeof interventionSchema>;

/** How the weights of one parameter lie. */
export const weightStatisticsSchema = z.strictObject({
  /** As in weights.safetensors: "layer0.forward.inputWeights". */
  name: z.string().max(200),
  shape: z.array(count).max(4),
  mean: z.number(),
  deviation: z.number().nonnegative(),
  /** Of any weight, from zero. */
  largest: z.number().nonnegative(),
  /** Weights in each of equal parts from −largest to largest. */
  counts: int32(101),
});

const pair = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R) => ({ request, reply });

export const inspectionQuestionMethods = {
  /** Units that are open inside a span and closed outside it, by openInside − openOutside, falling. */
  'inspection.select': pair(
    z.strictObject({
      handle: identifier,
      ...span,
      /** Open: at least so much. */
      threshold: z.number().finite(),
      /** Where to look; empty: in every activation. */
      series: z.array(seriesSchema).max(MAX_SERIES),
      /** Outside: the whole sound, or as many steps before and after as the span has. */
      outside: z.enum(['everywhere', 'around']),
      /** Least openInside − openOutside. */
      leastDifference: z.number().min(0).max(1),
    }),
    z.strictObject({ units: z.array(foundUnitSchema).max(MAX_CHOSEN_UNITS) }),
  ),

  /** The same sound through the changed network: an inspection of its own, which is asked as any other. */
  'inspection.whatIf': pair(
    z.strictObject({ handle: identifier, interventions: z.array(interventionSchema).min(1).max(32) }),
    inspectionSchema,
  ),
  /** By how much the posteriors of two inspections of one sound differ at every step: half the sum of |p − q|, 0 to 1. */
  'inspection.difference': pair(
    z.strictObject({ handle: identifier, other: identifier }),
    z.strictObject({ steps: float32(MAX_STEPS) }),
  ),

  /**
   * Gradient of one class at one step with regard to every value that the network saw, through the whole network. Frames
   * that no part of it reaches are left out at both ends.
   */
  'inspection.saliency': pair(
    z.strictObject({
      handle: identifier,
      step: count,
      classIndex: count,
      of: z.enum(['logit', 'logPosterior']),
    }),
    z.strictObject({
      firstFrame: count,
      frames: count,
      /** [frames, features], by the normalised features. */
      features: float32(1 << 22),
      /** [frames, bands], by the log mel bands under them; empty where the front end is not linear in them. */
      logMel: float32(1 << 22),
    }),
  ),

  /**
   * How far memory reaches: the Frobenius norm of ∂(hidden after `step`) / ∂(memory k steps before), k = 0 …, within one
   * layer's reading.
   */
  'inspection.reach': pair(
    z.strictObject({ handle: identifier, ...layerReading, step: count, lags: count.min(1).max(2_000) }),
    z.strictObject({
      /** exact: one backward pass for each unit. sampled: so many random directions, whose mean square is that of the norm. */
      method: z.enum(['exact', 'sampled']),
      directions: count,
      /** Of each memory of the cell by its name ("hidden", "cell"), norms[k]. */
      memories: z.array(z.strictObject({ name: activationName, norms: float32(2_001) })).max(4),
    }),
  ),

  /** How the weights of a model lie, parameter by parameter. */
  'inspection.weights': pair(
    z.strictObject({ modelId: identifier }),
    z.strictObject({
      parameters: z.array(weightStatisticsSchema).max(400),
    }),
  ),

  /** Dynamic time warping of two inspections by one matrix of each. */
  'inspection.align': pair(
    z.strictObject({
      handle: identifier,
      source: matrixSourceSchema,
      other: identifier,
      otherSource: matrixSourceSchema,
    }),
    z.strictObject({
      /** Pairs of rows (of the first, of the second), one after the other, [pairs, 2]. */
      path: int32(2 * 2 * MAX_STEPS),
      /** Rows of each matrix that one row of the path stands for: 1 unless the sounds are long. */
      rowsPerPair: count.min(1),
      /** Mean distance of the pairs, over the mean length of the rows. */
      distance: z.number().nonnegative(),
    }),
  ),
} as const;

export const surveyMethods = {
  /** Hears all recordings of a data set, or those named; told of by `inspection.survey`. */
  'inspection.survey': pair(
    z.strictObject({
      modelId: identifier,
      of: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('set'), setId: identifier }),
        z.strictObject({ kind: z.literal('sounds'), sounds: z.array(inspectedSoundSchema).min(1).max(1_000) }),
      ]),
      task: surveyTaskSchema,
    }),
    z.strictObject({ surveyId: identifier }),
  ),
  /** Waits for the end. Told once. */
  'inspection.surveyed': pair(z.strictObject({ surveyId: identifier }), z.strictObject({ result: surveyResultSchema })),
  'inspection.cancelSurvey': pair(z.strictObject({ surveyId: identifier }), empty),
} as const;
export const surveyEvents = {
  'inspection.survey': z.strictObject({
    surveyId: identifier,
    state: z.enum(['running', 'done', 'cancelled', 'failed']),
    done: count,
    of: count,
    error: errorSchema.nullable(),
  }),
} as const;

export const watchMethods = {
  /** Live: activations of the stream come as `inspection.live` until an empty list is asked for. */
  'inspection.watch': pair(
    z.strictObject({ streamId: identifier, series: z.array(seriesSchema).max(MAX_SERIES) }),
    z.strictObject({
      /** Steps of the stream from which on events come. */
      fromStep: count,
      stepMs: z.number().positive(),
      layers: inspectionSchema.shape.layers,
    }),
  ),
} as const;
export const watchEvents = {
  /** Steps that come late are left out: `firstStep` tells where these stand. At most ten events a second. */
  'inspection.live': z.strictObject({
    streamId: identifier,
    firstStep: count,
    steps: count,
    series: z
      .array(
        z.strictObject({
          ...seriesSchema.shape,
          /** [steps, units] */
          values: float32(1 << 18),
        }),
      )
      .max(MAX_SERIES),
    /** Steps that were left out since the last event, to be drawn as a gap. */
    leftOut: count,
  }),
} as const;
