// At which values the colours of the maps begin and end, as the person wants it.
import type { InspectedActivation } from '../../../app/contract/inspection';
import { roundUp } from '../../charts/axisSteps';
import type { ValueRange } from '../../charts/colourTable';
import { USUAL_RANGES, type MapRanges } from '../../charts/mapRanges';
import type { Extent } from './inspected.svelte';

/** Bands are natural logarithms of power. */
const DB_PER_NAT = 10 / Math.LN10;

/** The views that have maps: each keeps its own. */
export type MapView =
  | 'inspect'
  | 'inspect.live'
  | 'inspect.compare'
  | 'inspect.statistics'
  | 'inspect.confusions'
  | 'inspect.text'
  | 'train.weights';

/** Where they are kept. */
interface KeptRanges {
  readonly values: { readonly mapRanges: Readonly<Record<string, MapRanges>> };
  set(change: { readonly mapRanges: Record<string, MapRanges> }): void;
}

export class Ranges {
  readonly #kept: KeptRanges;
  readonly #view: MapView;
  readonly #first: MapRanges;

  /** @param first what differs from the usual until the person changes something */
  constructor(kept: KeptRanges, view: MapView, first: Partial<MapRanges> = {}) {
    [this.#kept, this.#view, this.#first] = [kept, view, { ...USUAL_RANGES, ...first }];
  }

  get values(): MapRanges {
    return this.#kept.values.mapRanges[this.#view] ?? this.#first;
  }

  set(change: Partial<MapRanges>): void {
    const { mapRanges } = this.#kept.values;
    this.#kept.set({ mapRanges: { ...mapRanges, [this.#view]: { ...this.values, ...change } } });
  }
  reset(kind: keyof MapRanges): void {
    this.set({ [kind]: USUAL_RANGES[kind] });
  }

  /** @param extent null while it is not known */
  of(activation: Pick<InspectedActivation, 'range' | 'bound'>, extent: Extent | null): ValueRange {
    return activationRange(activation, extent, this.values);
  }

  /** Of log-mel bands. @param loudest of them, in nats */
  logMel(loudest: number): ValueRange {
    return { low: loudest - this.values.soundDepthDb / DB_PER_NAT, high: loudest };
  }

  /** Of what the network is given, in deviations from its mean. */
  get features(): ValueRange {
    const { deviations } = this.values;
    return { low: -deviations, high: deviations };
  }
}

/** @param extent null while it is not known */
export function activationRange(
  { range, bound }: Pick<InspectedActivation, 'range' | 'bound'>,
  extent: Extent | null,
  { gate, reach: wanted }: Pick<MapRanges, 'gate' | 'reach'> = USUAL_RANGES,
): ValueRange {
  if (range === 'gate') return gate;
  const largest = extent === null ? (bound ?? 1) : Math.max(extent.reach, 1e-6);
  const reach = wanted ?? roundUp(Math.min(bound ?? Infinity, largest));
  return { low: -reach, high: reach };
}
