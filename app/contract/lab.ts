// The laboratory's experiments by name, and their messages. The window's controls, the command line's options and the gateway's
// checks are made of their schemas.
import { z } from 'zod';
import {
  RACE_CELLS,
  jumpsResult,
  jumpsSettings,
  memoryCellResult,
  memoryCellSettings,
  memoryResult,
  memorySettings,
  parametersResult,
  parametersSettings,
  raceResult,
  raceSettings,
  reachResult,
  reachSettings,
  surfaceResult,
  surfaceSettings,
  transitionResult,
  transitionSettings,
  trellisResult,
  trellisSettings,
  unrolledResult,
  unrolledSettings,
  wordsResult,
  wordsSettings,
  whole,
} from './labExperiments';
import { empty, fraction } from './schema';

/** Every experiment by its name: what is set and what comes out. */
export const experiments = {
  memory: { settings: memorySettings, result: memoryResult },
  transition: { settings: transitionSettings, result: transitionResult },
  surface: { settings: surfaceSettings, result: surfaceResult },
  jumps: { settings: jumpsSettings, result: jumpsResult },
  cell: { settings: memoryCellSettings, result: memoryCellResult },
  reach: { settings: reachSettings, result: reachResult },
  parameters: { settings: parametersSettings, result: parametersResult },
  unrolled: { settings: unrolledSettings, result: unrolledResult },
  trellis: { settings: trellisSettings, result: trellisResult },
  words: { settings: wordsSettings, result: wordsResult },
  race: { settings: raceSettings, result: raceResult },
} as const;
export type ExperimentName = keyof typeof experiments;
export type SettingsOf<N extends ExperimentName> = z.infer<(typeof experiments)[N]['settings']>;
export type ResultOf<N extends ExperimentName> = z.infer<(typeof experiments)[N]['result']>;

export const isExperiment = (name: string): name is ExperimentName => Object.hasOwn(experiments, name);

const pair = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R) => ({ request, reply });

/** Experiments that the engine that listens computes in passing. */
export const labMethods = {
  'lab.transition': pair(transitionSettings, transitionResult),
  'lab.surface': pair(surfaceSettings, surfaceResult),
  'lab.cell': pair(memoryCellSettings, memoryCellResult),
  'lab.reach': pair(reachSettings, reachResult),
  'lab.parameters': pair(parametersSettings, parametersResult),
  'lab.unrolled': pair(unrolledSettings, unrolledResult),
  'lab.trellis': pair(trellisSettings, trellisResult),
  'lab.words': pair(wordsSettings, wordsResult),
} as const;

/** Experiments that train, which the engine that trains does. */
export const labTrainingMethods = {
  'lab.memory': pair(memorySettings, memoryResult),
  'lab.jumps': pair(jumpsSettings, jumpsResult),
  /** Tells of its measurements by `lab.measured`; another race ends one that is under way with the error lab.stopped. */
  'lab.race': pair(raceSettings, raceResult),
  'lab.stopRace': pair(empty, empty),
} as const;

export const labEvents = {
  'lab.measured': z.strictObject({ cell: z.enum(RACE_CELLS), step: whole(0, 5000), rightShare: fraction }),
} as const;
