// The laboratory's experiments by name, and their messages. The window's controls, the command line's options and the gateway's
// checks are made of their schemas.
import type { z } from 'zod';
import {
  memoryCellResult,
  memoryCellSettings,
  parametersResult,
  parametersSettings,
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
} from './labExperiments';
import {
  gatesResult,
  gatesSettings,
  jumpsResult,
  jumpsSettings,
  measuredEvent,
  memoryResult,
  memorySettings,
  raceResult,
  raceSettings,
} from './labTraining';
import { empty } from './schema';

/** Every experiment by its name: what is set and what comes out. */
export const experiments = {
  memory: { settings: memorySettings, result: memoryResult },
  transition: { settings: transitionSettings, result: transitionResult },
  surface: { settings: surfaceSettings, result: surfaceResult },
  jumps: { settings: jumpsSettings, result: jumpsResult },
  cell: { settings: memoryCellSettings, result: memoryCellResult },
  gates: { settings: gatesSettings, result: gatesResult },
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

/** An experiment is asked for with its settings, and answered with what came out. */
const asked = <N extends ExperimentName>(
  name: N,
): { readonly request: (typeof experiments)[N]['settings']; readonly reply: (typeof experiments)[N]['result'] } => ({
  request: experiments[name].settings,
  reply: experiments[name].result,
});

/** Experiments that the engine that listens computes in passing. */
export const labMethods = {
  'lab.transition': asked('transition'),
  'lab.surface': asked('surface'),
  'lab.cell': asked('cell'),
  'lab.reach': asked('reach'),
  'lab.parameters': asked('parameters'),
  'lab.unrolled': asked('unrolled'),
  'lab.trellis': asked('trellis'),
  'lab.words': asked('words'),
} as const;

/**
 * Experiments that train, which the engine that trains does, one at a time: another one, or `lab.stop`, ends what is under way
 * with the error lab.stopped. They tell of themselves by `lab.measured`.
 */
export const labTrainingMethods = {
  'lab.memory': asked('memory'),
  'lab.jumps': asked('jumps'),
  'lab.gates': asked('gates'),
  'lab.race': asked('race'),
  'lab.stop': { request: empty, reply: empty },
} as const;

export const labEvents = { 'lab.measured': measuredEvent } as const;
