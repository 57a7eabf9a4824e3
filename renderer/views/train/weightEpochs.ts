// How the weights of a parameter lay after every epoch, on one axis for all of them.
import type { WeightEpoch } from '../../../app/contract/runs';
import type { Bridge } from '../../bridge/bridge';
import type { DataTable } from '../../ui/dataTable';
import { t } from '../../i18n/messages.svelte';

type Statistics = WeightEpoch['parameters'][number];
export interface ParameterEpoch extends Statistics {
  readonly epoch: number;
}
export interface WeightHistory {
  /** First epoch first; those in which its weights were not finite are left out. */
  readonly epochs: readonly ParameterEpoch[];
  /** The axis goes from −reach to reach. */
  readonly reach: number;
  readonly parts: number;
  /** Share of the weights in each part after each epoch, [epochs, parts]. */
  readonly shares: Float32Array;
  /** Largest of the shares. */
  readonly most: number;
}

/** Those of every epoch that was kept, from after one on. */
export async function readWeights(bridge: Bridge, runId: string, afterEpoch: number): Promise<WeightEpoch[]> {
  const all: WeightEpoch[] = [];
  for (let after = afterEpoch; ;) {
    const { epochs } = await bridge.request('runs.weights', { runId, afterEpoch: after });
    const last = epochs.at(-1);
    if (last === undefined) return all;
    all.push(...epochs);
    after = last.epoch;
  }
}

/** Parameters in the network's own order. */
export const parameterNames = (epochs: readonly WeightEpoch[]): string[] => [
  ...new Set(epochs.flatMap(({ parameters }) => parameters.map(({ name }) => name))),
];

export function historyOf(all: readonly WeightEpoch[], name: string): WeightHistory {
  const epochs = all.flatMap(({ epoch, parameters }) => {
    const own = parameters.find((each) => each.name === name);
    return own === undefined ? [] : [{ ...own, epoch }];
  });
  const reach = epochs.reduce((most, { largest }) => Math.max(most, largest), 0) || 1;
  const parts = epochs[0]?.counts.length ?? 0;
  const shares = new Float32Array(epochs.length * parts);
  epochs.forEach((each, index) => shares.set(onAxis(each, reach, parts), index * parts));
  return { epochs, reach, parts, shares, most: shares.reduce((most, each) => Math.max(most, each), 0) };
}

/** Each part of an epoch's own range is dealt out to the parts of the axis that it lies over. */
function onAxis({ counts, largest }: Statistics, reach: number, parts: number): Float32Array {
  const shares = new Float32Array(parts);
  const all = Math.max(
    1,
    counts.reduce((sum, count) => sum + count, 0),
  );
  /** Where a value stands, in parts of the axis. */
  const place = (at: number): number => (((2 * at - 1) * largest) / reach + 1) * 0.5 * parts;
  counts.forEach((count, part) => {
    const [from, to] = [place(part / counts.length), place((part + 1) / counts.length)];
    for (let k = Math.max(0, Math.floor(from)); k < Math.min(parts, Math.ceil(to)); k++) {
      const covered = to > from ? (Math.min(to, k + 1) - Math.max(from, k)) / (to - from) : 1;
      shares[k]! += (count / all) * covered;
    }
  });
  return shares;
}

export const weightTable = ({ epochs }: WeightHistory): DataTable => ({
  columns: [
    t('runs.weights.epoch'),
    t('inspect.table.mean'),
    t('inspect.statistics.deviation'),
    t('inspect.weights.largest'),
  ],
  rows: epochs.map(({ epoch, mean, deviation, largest }) => [epoch, mean, deviation, largest]),
});
