// All experiments by name: from settings to numbers. The same settings give the same numbers, as far as the rung computes the
// same ones every time.
import type { ExperimentName, ResultOf, SettingsOf } from '../../app/contract/lab';
import type { Measured } from '../../app/contract/labTraining';
import type { Rung } from '../../app/contract/rung';
import { gates } from './gates';
import { jumps } from './jumps';
import { memory } from './memory';
import { memoryCell } from './memoryCell';
import { parameters } from './parameters';
import { race } from './race';
import { reach } from './reach';
import { surface } from './surface';
import { transition } from './transition';
import { trellis } from './trellis';
import { unrolled } from './unrolled';
import { words } from './words';

export interface ExperimentOptions {
  /** What networks are trained on where an experiment trains. */
  readonly rung: () => Promise<Rung>;
  /** Ends an experiment that trains. */
  readonly signal?: AbortSignal;
  /** Told by an experiment that trains, while it does. */
  readonly onMeasured?: (measured: Measured) => void;
}
type Run<N extends ExperimentName> = (
  settings: SettingsOf<N>,
  options: ExperimentOptions,
) => ResultOf<N> | Promise<ResultOf<N>>;

const RUNS: { readonly [N in ExperimentName]: Run<N> } = {
  memory: async (settings, options) => memory(settings, await options.rung(), options),
  transition,
  surface,
  jumps: async (settings, options) => jumps(settings, await options.rung(), options),
  cell: memoryCell,
  gates,
  reach,
  parameters,
  unrolled,
  trellis,
  words,
  race: async (settings, options) => race(settings, await options.rung(), options),
};

/**
 * @throws UnrollError lab.tooFewFrames, lab.tooShort
 * @throws the signal's reason once it is aborted
 */
export async function runExperiment<N extends ExperimentName>(
  name: N,
  settings: SettingsOf<N>,
  options: ExperimentOptions,
): Promise<ResultOf<N>> {
  // Which run belongs to which settings holds by the table's type; an element of it chosen by name loses that.
  return (RUNS[name] as Run<N>)(settings, options);
}
