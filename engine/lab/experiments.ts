// All experiments by name: from settings to numbers. The same settings give the same numbers, as far as the rung computes the
// same ones every time.
import type { ExperimentName, ResultOf, SettingsOf } from '../../app/contract/lab';
import type { Rung } from '../../app/contract/rung';
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
  /** Told of a race's measurements as they come. */
  readonly onMeasured?: Parameters<typeof race>[2];
}
type Run<N extends ExperimentName> = (
  settings: SettingsOf<N>,
  options: ExperimentOptions,
) => ResultOf<N> | Promise<ResultOf<N>>;

const RUNS: { readonly [N in ExperimentName]: Run<N> } = {
  memory: async (settings, { rung }) => memory(settings, await rung()),
  transition,
  surface,
  jumps: async (settings, { rung }) => jumps(settings, await rung()),
  cell: memoryCell,
  reach,
  parameters,
  unrolled,
  trellis,
  words,
  race: async (settings, { rung, onMeasured }) => race(settings, await rung(), onMeasured),
};

/** @throws UnrollError lab.tooFewFrames, lab.tooShort */
export async function runExperiment<N extends ExperimentName>(
  name: N,
  settings: SettingsOf<N>,
  options: ExperimentOptions,
): Promise<ResultOf<N>> {
  // Which run belongs to which settings holds by the table's type; an element of it chosen by name loses that.
  return (RUNS[name] as Run<N>)(settings, options);
}
