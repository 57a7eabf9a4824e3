// A training run's configuration: one schema from which checks, defaults and documentation come.
import { z } from 'zod';
import type { ReasonCode } from '../errors';
import { frontEndSchema, windowFields } from '../features/settings';
import { convolutionSchema, directionsOf, layerSchema, stackSchema, voteStepsSchema } from './network';
import { hearsSchema, MAX_SYMBOL_LENGTH } from './model';
import { bilingual, identifier } from './schema';

export const optimizerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sgd'), momentum: z.number().min(0).lt(1).default(0.9) }),
  z.strictObject({ kind: z.literal('rmsprop'), squareDecay: z.number().min(0).lt(1).default(0.99) }),
  z.strictObject({ kind: z.literal('adam') }),
  z.strictObject({ kind: z.literal('adamw'), weightDecay: z.number().min(0).max(1).default(0.01) }),
]);
export type OptimizerSettings = z.infer<typeof optimizerSchema>;

const threshold = z.number().positive();
export const clippingSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('value'), threshold }),
  z.strictObject({ kind: z.literal('norm'), threshold }),
]);
export type Clipping = z.infer<typeof clippingSchema>;
export const USUAL_OPTIMIZER: OptimizerSettings = { kind: 'adamw', weightDecay: 0.01 };
export const USUAL_CLIPPING: Clipping = { kind: 'norm', threshold: 1 };

const factor = z.number().gt(0).lt(1);
export const scheduleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('constant') }),
  z.strictObject({ kind: z.literal('step'), everyEpochs: z.number().int().min(1), factor: factor.default(0.1) }),
  z.strictObject({ kind: z.literal('cosine') }),
  z.strictObject({
    kind: z.literal('plateau'),
    /** Epochs in a row without a better loss that are put up with. */
    patienceEpochs: z.number().int().min(0).default(3),
    factor: factor.default(0.5),
  }),
]);
export type ScheduleSettings = z.infer<typeof scheduleSchema>;

const range = z.tuple([z.number(), z.number()]).refine(([low, high]) => low <= high, { message: 'reason.field.range' });

export const augmentationSchema = z.strictObject({
  /** Differently disturbed copies that are made of every clip before training; the first is the clip as it is. */
  copies: z.number().int().min(1).max(16).default(4),
  /** Playing speed, which also shifts the pitch. */
  speed: range.default([0.88, 1.14]),
  /** Pitch in semitones, up or down; the pace stays. */
  pitchSemitones: range
    .refine(([low, high]) => low >= -12 && high <= 12, { message: 'reason.field.octave' })
    .default([0, 0]),
  gainDb: range.default([-18, 6]),
  /** Chance that a copy is heard through a room: an impulse response of one's own, or one made of decaying noise. */
  reverbChance: z.number().min(0).max(1).default(0),
  /** Seconds in which a made room falls by 60 dB. */
  reverbSeconds: range
    .refine(([low, high]) => low >= 0.05 && high <= 3, { message: 'reason.field.reverb' })
    .default([0.15, 0.6]),
  /** Signal-to-noise ratio of added noise: recordings of one's own, or white, pink or brown noise. */
  noiseSnrDb: range.default([8, 40]),
  /** A data set of the person whose recordings are the noise; null: coloured noise. */
  noiseSet: identifier.nullable().default(null),
  /** A data set of the person whose recordings are impulse responses of rooms; null: rooms are made. */
  responseSet: identifier.nullable().default(null),
  /** Chance that a copy is noisy. */
  noiseChance: z.number().min(0).max(1).default(0.6),
  /** Chance that a copy ends where its clip becomes faint, as where a recorder waits for sound: see edgeLevelDb. */
  faintEdgeChance: z.number().min(0).max(1).default(0),
  /** What lies so far below the clip's loudest 10 ms is faint. */
  edgeLevelDb: range
    .refine(([low, high]) => low >= 0 && high <= 100, { message: 'reason.field.edgeLevel' })
    .default([9, 30]),
  /** What is cut away of each end of the clip, before quiet is put there; of a short clip at most a sixth. */
  edgeCutMs: range
    .refine(([low, high]) => low >= 0 && high <= 1000, { message: 'reason.field.edgeCut' })
    .default([0, 0]),
  /** Quiet noise before and after the clip. */
  silenceMs: range.default([0, 250]),
  /** Pace of every clip, drawn anew for every epoch; unlike speed it leaves the pitch. */
  tempo: range.default([0.85, 1.2]),
  /** Stretch of the frequency axis, as by a shorter or longer vocal tract, drawn anew for every example. */
  vocalTract: range.default([0.88, 1.14]),
  /** Constant shift of every coefficient, and noise on every value: standard deviations, of normalised features. */
  channelShift: z.number().min(0).max(3).default(0.3),
  frameNoise: z.number().min(0).max(3).default(0.2),
  /** Log-mel at 16 kHz only: chance that an example has nothing above 4 kHz, as over a telephone, drawn anew for every example. */
  telephoneChance: z.number().min(0).max(1).default(0),
  /** SpecAugment (Park et al. 2019), drawn anew for every epoch. */
  timeMasks: z.number().int().min(0).max(8).default(2),
  timeMaskFrames: z.number().int().min(0).max(100).default(12),
  coefficientMasks: z.number().int().min(0).max(8).default(1),
  coefficientMaskWidth: z.number().int().min(0).max(20).default(2),
});

/** How single clips are strung together, so that isolated words are also learned as strings. */
const stringingSchema = z.strictObject({
  /** Clips of this corpus are strung, always within one speaker. */
  corpus: z.string(),
  /** Clips per utterance. */
  clips: range.default([1, 5]),
  /** Chance that a clip is said once more right after, in a copy drawn anew, so that doubled words are learned as two. */
  repeatChance: z.number().min(0).max(1).default(0),
  /**
   * Chance for each end that a clip is there of which only the part next to the others is heard, less than half, and for which
   * nothing is to be written: as a window of live hearing begins and ends within words.
   */
  brokenEndChance: z.number().min(0).max(1).default(0),
});
export type Stringing = z.infer<typeof stringingSchema>;

/** What is taken from the features besides mean and deviation of the training data; see the front end's settings. */
const wantedNormalisationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('training-statistics') }),
  z.strictObject({
    kind: z.literal('window-mean'),
    ...windowFields,
    priorFrames: windowFields.priorFrames.default(10),
  }),
]);

export const configFields = z.strictObject({
  /** Speech to text, which is meant where it is left out. labelConfig.ts has the other tasks. */
  task: z.literal('transcribe').optional(),
  id: identifier,
  name: z.strictObject({ en: z.string().max(100), zh: z.string().max(100) }),
  language: z.string().max(20).default('en'),
  understands: z.strictObject({ en: z.string().max(500), zh: z.string().max(500) }),
  licence: bilingual(500).prefault(''),
  frontEnd: frontEndSchema,
  /** Window-mean: for networks that also hear what comes after a frame. */
  normalisation: wantedNormalisationSchema.default({ kind: 'training-statistics' }),
  /** Words to learn; every run of other words is learned as one "unknown" symbol. Null: every word, spelled out. */
  vocabulary: z.array(z.string().min(1).max(64)).min(1).max(100_000).nullable(),
  /** Transcript words that are said alike: left is learned as right. */
  aliases: z.record(z.string(), z.string()).default({}),
  /** What the network writes: letters, or each word of the vocabulary as one symbol. Letters if left out. */
  symbols: z.enum(['graphemes', 'words']).optional(),
  /** How a network that also reads backward hears: an utterance whole, which is how it learns, or, if left out, in windows of 7.5 s. */
  hears: hearsSchema.optional(),
  network: z.strictObject({
    /** Over frames and bands, before the layers. */
    convolutions: z.array(convolutionSchema).max(6).default([]),
    /** Frames put side by side, and thinned out, before the layers: they then hear step times fewer. */
    stack: stackSchema.optional(),
    layers: z.array(layerSchema).min(1).max(12),
    /** Steps, the own in the middle, whose mean is a step's score of every symbol; the blank keeps its own. One if left out. */
    voteSteps: voteStepsSchema.optional(),
    dropout: z.number().min(0).max(0.9).default(0.3),
  }),
  training: z.strictObject({
    epochs: z.number().int().min(1).max(10_000),
    /** Frames in a batch, padding included; sets the number of rows for each length. */
    batchFrames: z.number().int().min(64).max(200_000).default(4000),
    maxRows: z.number().int().min(1).max(512).default(32),
    learningRate: z.number().positive().max(1),
    /** Steps in which the learning rate rises to its full value, whatever the schedule. */
    warmUpSteps: z.number().int().min(0).default(100),
    /** The learning rate after warm-up; a plateau is one of the validation loss, without validation of the training loss. */
    schedule: scheduleSchema.default({ kind: 'cosine' }),
    optimizer: optimizerSchema.default(USUAL_OPTIMIZER),
    /** By value: each gradient is kept within ±threshold. By norm: all gradients together are shrunk to it. */
    clipping: clippingSchema.default(USUAL_CLIPPING),
    /**
     * Decay of a running average of the weights, smaller at the start; validation and the finished model use the average.
     * 0: off; 0.999 is usual.
     */
    averageDecay: z.number().min(0).max(0.99999).default(0),
    /** Share of every frame's target that is spread over all classes alike, against overconfidence. */
    labelSmoothing: z.number().min(0).max(0.5).default(0),
    /**
     * Nats that the finished model takes off the blank's score at every step: where voices are new, the blank is too often the
     * likeliest, and a word stays unwritten.
     */
    blankPenalty: z.number().min(0).max(10).default(0),
    seed: z
      .number()
      .int()
      .min(0)
      .max(2 ** 31 - 1)
      .default(1),
    /** Share of the clips without any word of the vocabulary that an epoch takes, drawn anew each time. */
    unknownOnlyShare: z.number().min(0).max(1).default(1),
    /** How often an epoch takes each clip of a corpus, on average; 1 where a corpus is not named. */
    shares: z.record(z.string(), z.number().min(0).max(10)).default({}),
    /**
     * Clips with a symbol that stands in fewer than `below` clips are taken more often, `below` over that number, at most `times`
     * as often as others: words of which there are few recordings. Null: all alike.
     */
    rareSymbols: z
      .strictObject({ below: z.number().int().min(2).max(10_000), times: z.number().min(1).max(20) })
      .nullable()
      .default(null),
    /** Sounds in which nobody speaks (silence, noise, hum) that are learned beside the clips, for each clip. */
    quietShare: z.number().min(0).max(1).default(0.05),
    /**
     * Epochs before CTC in which the symbols of a clip are spread evenly over its speech and learned frame by frame, as
     * hidden Markov models are started; from there CTC needs not find the words among blanks alone.
     */
    flatStart: z
      .strictObject({
        epochs: z.number().int().min(0).max(1000),
        /** Corpora whose clips are single words, or evenly spoken; only they are learned so. Empty: all. */
        corpora: z.array(z.string()).default([]),
      })
      .prefault({ epochs: 0 }),
    /**
     * Truncated backpropagation through time for what is learned frame by frame, the flat start: parts of so many steps, one
     * update each, the memory carried from part to part. CTC needs whole sequences. Null: whole sequences.
     */
    truncation: z
      .strictObject({ steps: z.number().int().min(1).max(10_000) })
      .nullable()
      .default(null),
    /** Share of the speakers (or, without speakers, of the utterances) kept for validation. */
    validationFraction: z.number().min(0).max(0.5).default(0.1),
    /** CTC has no class for a frame that could be weighed: only tasks of labels have them. */
    classWeights: z.null({ error: 'reason.training.classWeightsCtc' satisfies ReasonCode }).optional(),
    /** Stop after this many steps in a row whose loss or gradient was not finite. */
    maxSkippedSteps: z.number().int().min(1).default(20),
    /**
     * Ends a run after `patienceEpochs` epochs in a row in which neither the errors on validation nor its loss got better, the
     * loss by more than `minDelta` nats. Without validation the training loss counts. Null: all epochs are learned.
     */
    earlyStopping: z
      .strictObject({ patienceEpochs: z.number().int().min(1).max(1000), minDelta: z.number().min(0).default(0) })
      .nullable()
      .default(null),
    /**
     * Which epoch's weights the model has: of the best one on validation, or of the last. Where those who will speak are unlike
     * the speakers of validation, a few recordings of these are a poor judge between epochs. For early stopping the loss alone counts then. Best if left out.
     */
    keeps: z.enum(['best', 'last']).optional(),
    /**
     * Only for a run that begins with a model: so many of its layers, from the first on, stay bit for bit as they are, with all that
     * lies below them; only what is above them learns. None if left out.
     */
    frozenLayers: z.number().int().min(0).max(12).optional(),
    /** The first epochs take their utterances from short to long (SortaGrad, Amodei et al. 2016). */
    curriculumEpochs: z.number().int().min(0).max(1000).default(0),
    /** A checkpoint is written whenever so many seconds of learning have passed since the last; 0: after each step. */
    checkpointSeconds: z.number().min(0).max(86_400).default(60),
    /** A checkpoint is also written after so many steps. Null: by time alone. */
    checkpointSteps: z.number().int().min(1).nullable().default(null),
    /** How many of the last checkpoints are kept; should the newest be damaged, a run goes on from the one before. */
    keepCheckpoints: z.number().int().min(1).max(100).default(3),
  }),
  augmentation: augmentationSchema.prefault({}),
  stringing: z.array(stringingSchema).default([]),
});
/** Why a run cannot learn in parts; null where it can, or does not want to. */
function truncationMisfit({ network, training }: z.infer<typeof configFields>): ReasonCode | null {
  const { truncation, flatStart } = training;
  if (truncation === null) return null;
  if (flatStart.epochs === 0) return 'reason.training.truncationNothing';
  if (network.convolutions.length > 0 || network.stack !== undefined) return 'reason.training.truncationFront';
  if (network.layers.some((layer) => directionsOf(layer).length > 1)) return 'reason.training.truncationReverse';
  const isOutOfStep = network.layers.some(
    (layer) => layer.cell === 'clockwork' && layer.periods.some((period) => truncation.steps % period !== 0),
  );
  return isOutOfStep ? 'reason.training.truncationPeriods' : null;
}
const isOneSymbol = (word: string): boolean => word.length <= MAX_SYMBOL_LENGTH && !/\s/u.test(word);
export const trainingConfigSchema = configFields.superRefine((config, context) => {
  const message = truncationMisfit(config);
  if (message !== null) context.addIssue({ code: 'custom', path: ['training', 'truncation'], message });
  if ((config.training.frozenLayers ?? 0) > config.network.layers.length)
    context.addIssue({
      code: 'custom',
      path: ['training', 'frozenLayers'],
      message: 'reason.training.frozenLayers' satisfies ReasonCode,
    });
  if (config.symbols === 'words' && !config.vocabulary?.every(isOneSymbol))
    context.addIssue({
      code: 'custom',
      path: ['symbols'],
      message: 'reason.training.wordSymbols' satisfies ReasonCode,
    });
  if (config.training.flatStart.epochs > 0) return;
  config.network.layers.forEach((layer, index) => {
    if (layer.cell === 'jordan' && layer.teacherForcing === true)
      context.addIssue({
        code: 'custom',
        path: ['network', 'layers', index, 'teacherForcing'],
        message: 'reason.training.teacherForcingNothing' satisfies ReasonCode,
      });
  });
});
export type TrainingConfig = z.infer<typeof trainingConfigSchema>;
export type Augmentation = TrainingConfig['augmentation'];
