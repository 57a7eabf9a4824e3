// The front end's settings. They are part of every model file, so that no network is fed features it was not trained on.
import { z } from 'zod';
import '../contract/schema'; // tells zod, before its first use, that the window allows no code from strings

/** What window-mean does besides; see windowMean.ts. */
export const windowFields = {
  /** Frames of the training mean that are counted in, so that a mean over few frames takes away less. */
  priorFrames: z.number().min(0).max(10_000),
  /** Share of the mean that is taken away, the level excepted, which is taken away whole; 1 if left out. */
  meanShare: z.number().min(0).max(1).optional(),
  /** Log-mel without slopes only: bands quieter than the loudest by more nats of power are raised to there; none if left out. */
  floorNats: z.number().positive().max(50).optional(),
};

/** What is subtracted and divided before the network sees a frame. All but window-mean is causal. */
export const normalisationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  /** Mean and standard deviation per dimension, measured once on the training data. */
  z.strictObject({
    kind: z.literal('training-statistics'),
    mean: z.array(z.number().finite()).min(1).max(512),
    standardDeviation: z.array(z.number().positive().finite()).min(1).max(512),
  }),
  /**
   * As training-statistics, but the mean follows the signal: an exponential average that starts at the training mean,
   * weighs the past by a = exp(-1 / timeConstantFrames), and holds the frame itself: m[t] = a · m[t-1] + (1 - a) · x[t].
   */
  z.strictObject({
    kind: z.literal('running-mean'),
    mean: z.array(z.number().finite()).min(1).max(512),
    standardDeviation: z.array(z.number().positive().finite()).min(1).max(512),
    timeConstantFrames: z.number().positive().max(100_000),
  }),
  /**
   * As training-statistics; then the network takes the mean of the coefficients over what it hears at once, see
   * windowMean.ts. For networks that read backward: one that streams frame by frame hears no window.
   */
  z.strictObject({
    kind: z.literal('window-mean'),
    mean: z.array(z.number().finite()).min(1).max(512),
    standardDeviation: z.array(z.number().positive().finite()).min(1).max(512),
    ...windowFields,
  }),
]);
export type Normalisation = z.infer<typeof normalisationSchema>;

type Statistics = Exclude<Normalisation, { kind: 'none' }>;
const hasFloor = (normalisation: Normalisation): boolean =>
  normalisation.kind === 'window-mean' && normalisation.floorNats !== undefined;
const isOfDimension = ({ mean, standardDeviation }: Statistics, dimension: number): boolean =>
  mean.length === dimension && standardDeviation.length === dimension;

export const frontEndSchema = z
  .strictObject({
    /** mfcc: cepstra of the mel bands; log-mel: the logarithm of the bands themselves. */
    kind: z.enum(['mfcc', 'log-mel']),
    /** Rate that audio is brought to before framing. 8000 makes telephone and studio recordings alike. */
    sampleRateHz: z.union([z.literal(8000), z.literal(16000)]),
    windowMs: z.number().min(5).max(64),
    hopMs: z.number().min(2).max(50),
    /** Periodic Hamming: 0.54 - 0.46 · cos(2πn / N). */
    window: z.literal('hamming'),
    melBands: z.number().int().min(8).max(80),
    /** Static values of a frame. mfcc: cepstra kept, c0 included, at most melBands. log-mel: all bands. Meyda gives no more than 40. */
    coefficients: z.number().int().min(1).max(40),
    /** 0: static only; 1: with deltas; 2: with deltas of deltas. Each order looks deltaSpan frames ahead. */
    deltas: z.union([z.literal(0), z.literal(1), z.literal(2)]),
    deltaSpan: z.number().int().min(1).max(5),
    /** Silence (zero samples) appended at the end of a file or stream, so that the last word is heard out. */
    tailMs: z.number().min(0).max(1000),
    normalisation: normalisationSchema,
  })
  .refine((s) => s.coefficients <= s.melBands, {
    message: 'reason.frontEnd.coefficients',
    path: ['coefficients'],
  })
  .refine((s) => s.kind === 'mfcc' || s.coefficients === s.melBands, {
    message: 'reason.frontEnd.logMel',
    path: ['coefficients'],
  })
  .refine((s) => !hasFloor(s.normalisation) || (s.kind === 'log-mel' && s.deltas === 0), {
    message: 'reason.frontEnd.floor',
    path: ['normalisation', 'floorNats'],
  })
  .refine((s) => s.hopMs <= s.windowMs, { message: 'reason.frontEnd.hop', path: ['hopMs'] })
  .refine((s) => s.normalisation.kind === 'none' || isOfDimension(s.normalisation, featureDimension(s)), {
    message: 'reason.frontEnd.statistics',
    path: ['normalisation'],
  });
export type FrontEndSettings = z.infer<typeof frontEndSchema>;

/** Values per frame that the network sees. */
export const featureDimension = (settings: { readonly coefficients: number; readonly deltas: number }): number =>
  settings.coefficients * (settings.deltas + 1);
/** Frames of the future that one output frame needs. */
export const lookAheadFrames = (settings: FrontEndSettings): number => settings.deltas * settings.deltaSpan;
