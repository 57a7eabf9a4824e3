// What can be set in the experiments of the laboratory that train, what comes out of them, and what they tell while they are under way.
import { z } from 'zod';
import { cellWeights } from './labExperiments';
import { between, finite, numbers, seed, whole } from './labNumbers';
import { fraction } from './schema';

export const jumpsSettings = z.strictObject({
  steps: whole(1, 2000).default(300),
  units: whole(2, 64).default(24),
  /** Most strings of the grammar inside one another. */
  length: whole(1, 10).default(10),
  learningRate: between(0, 10).default(0.05),
  /** The norm above which gradients of the second run are clipped. */
  threshold: z.number().positive().max(100).default(2),
  seed: whole(0, 2 ** 31 - 1).default(3),
});
const jumpRun = z.strictObject({
  losses: z.array(finite).max(2000),
  gradientNorms: z.array(finite).max(2000),
  /** Steps whose gradient norm is more than ten times the median of the run. */
  cliffs: z.array(whole(0, 2000)).max(2000),
  skippedSteps: whole(0, 2000),
});
export const jumpsResult = z.strictObject({ asItIs: jumpRun, clipped: jumpRun });

export const RACE_CELLS = ['elman', 'lstm', 'gru', 'clockwork', 'scrn'] as const;
export const RACE_TASKS = ['adding', 'temporal-order', 'embedded-reber', 'copy-memory'] as const;
export const raceSettings = z.strictObject({
  task: z.enum(RACE_TASKS).default('temporal-order'),
  length: whole(1, 200).default(30),
  cells: z
    .array(z.enum(RACE_CELLS))
    .min(1)
    .max(RACE_CELLS.length)
    .default([...RACE_CELLS]),
  steps: whole(100, 5000).default(600),
});
export const raceResult = z.strictObject({
  runs: z
    .array(
      z.strictObject({
        cell: z.enum(RACE_CELLS),
        /** After so many training steps, so many of the test sequences right. */
        measured: z.array(z.strictObject({ step: z.number(), rightShare: fraction })).max(60),
        solvedAfter: z.number().nullable(),
      }),
    )
    .max(RACE_CELLS.length),
});

export const gatesSettings = z.strictObject({
  steps: whole(1, 2000).default(600),
  /** Adam's. */
  learningRate: between(0, 1).default(0.1),
  seed,
});
export const gatesResult = z.strictObject({
  /** Learned, from random ones. */
  weights: cellWeights,
  /** Mean squared error of each step's tapes. */
  losses: numbers(2000),
  /** Share of outputs, on tapes that were not learned from, that are nearer than half a number to the right one. */
  rightShare: fraction,
});

export const memorySettings = z.strictObject({
  steps: whole(1, 1000).default(150),
  /** The network with memory. */
  cell: z.enum(['elman', 'jordan', 'lstm', 'gru']).default('elman'),
  units: whole(2, 64).default(16),
  seed,
});
export const SLOTS = ['other', 'destination', 'origin', 'date'] as const;
/** What the networks of `memory` hear. */
export const MEMORY_SENTENCES = [
  ['arrive Taipei on November second', ['other', 'destination', 'other', 'date', 'date']],
  ['leave Taipei on November second', ['other', 'origin', 'other', 'date', 'date']],
  ['arrive Tainan on May first', ['other', 'destination', 'other', 'date', 'date']],
  ['leave Tainan on May first', ['other', 'origin', 'other', 'date', 'date']],
] as const satisfies readonly (readonly [string, readonly (typeof SLOTS)[number][]])[];
/** What a network makes of each word: its most probable slot, and the probabilities of all. */
const heardWords = z
  .array(
    z.strictObject({
      slot: z.enum(SLOTS),
      probabilities: z.strictObject({ other: fraction, destination: fraction, origin: fraction, date: fraction }),
    }),
  )
  .max(12);
export type HeardWords = z.infer<typeof heardWords>;
const heardSentence = z.strictObject({
  words: z.array(z.string()).max(12),
  /** The slot of each word as it should be, and as each network says. */
  slots: z.array(z.enum(SLOTS)).max(12),
  withoutMemory: heardWords,
  withMemory: heardWords,
});
export const memoryResult = z.strictObject({
  sentences: z.array(heardSentence).max(8),
  /** Share of words whose slot is right. */
  rightWithoutMemory: fraction,
  rightWithMemory: fraction,
  losses: z.strictObject({ withoutMemory: numbers(1000), withMemory: numbers(1000) }),
  /** a0, learned: what the network with memory remembers before the first word; one number for each unit. */
  firstMemory: numbers(64),
});

/** What a training tells while it is under way. */
export const measuredEvent = z.discriminatedUnion('experiment', [
  z.strictObject({
    experiment: z.literal('memory'),
    network: z.enum(['withoutMemory', 'withMemory']),
    step: whole(1, 1000),
    /** Of the steps since the last time. */
    losses: numbers(1000),
    /** Of each sentence. */
    heard: z.array(heardWords).max(8),
  }),
  z.strictObject({
    experiment: z.literal('jumps'),
    run: z.enum(['asItIs', 'clipped']),
    /** Of the steps since the last time. */
    losses: z.array(finite).max(2000),
    gradientNorms: z.array(finite).max(2000),
  }),
  z.strictObject({
    experiment: z.literal('gates'),
    step: whole(1, 2000),
    /** Of the steps since the last time. */
    losses: numbers(2000),
    weights: cellWeights,
  }),
  z.strictObject({
    experiment: z.literal('race'),
    cell: z.enum(RACE_CELLS),
    step: whole(0, 5000),
    rightShare: fraction,
  }),
]);
type AnyMeasured = z.infer<typeof measuredEvent>;
export type Measured<E extends AnyMeasured['experiment'] = AnyMeasured['experiment']> = Extract<
  AnyMeasured,
  { readonly experiment: E }
>;
