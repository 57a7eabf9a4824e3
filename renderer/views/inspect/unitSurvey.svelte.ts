// What a network's units do over many sounds: asked once, kept while other views are looked at.
import type { InspectedSound } from '../../../app/contract/inspection';
import type { StepSignal } from '../../../app/contract/inspectionQuestions';
import type { Bridge } from '../../bridge/bridge';
import { sameSeries } from './inspected.svelte';
import type { Shelf } from './subject';
import { Survey, type ResultOf } from './survey.svelte';

export type Statistics = ResultOf<'statistics'>;
export type SeriesStatistics = Statistics['series'][number];
export type ReadingStatistics = Statistics['readings'][number];

/** A unit of one activation, as the statistics tell of it. */
export interface PickedUnit {
  readonly series: SeriesStatistics;
  readonly unit: number;
}

export class UnitSurvey {
  readonly survey: Survey<'statistics'>;
  /** The shelf that was asked about, for people. */
  askedOf = $state('');
  picked = $state.raw<PickedUnit | null>(null);
  #modelId = $state<string | null>(null);

  constructor(bridge: Bridge) {
    this.survey = new Survey(bridge);
  }

  /** Of that network; null where nothing is known of it. */
  of(modelId: string | null): Statistics | null {
    return modelId !== null && modelId === this.#modelId ? this.survey.result : null;
  }

  /** Of another network nothing is known. */
  follow(modelId: string): void {
    if (this.#modelId !== null && this.#modelId !== modelId) {
      this.survey.clear();
      this.picked = null;
    }
    this.#modelId = modelId;
  }

  async run(modelId: string, of: Shelf, name: string): Promise<void> {
    this.#modelId = modelId;
    this.askedOf = name;
    this.picked = null;
    await this.survey.run({ modelId, of, task: { kind: 'statistics' } });
    const { result } = this.survey;
    const [first] = result === null ? [] : gatesOf(result);
    this.picked = first ? { series: first, unit: 0 } : null;
  }

  pick(series: SeriesStatistics, unit: number): void {
    this.picked = { series, unit };
  }
}

export const oneSound = (sound: InspectedSound): Shelf => ({ kind: 'sounds', sounds: [sound] });

/** Gates; of cells that have none the values that they hand up. */
export function gatesOf({ series }: Statistics): SeriesStatistics[] {
  const gates = series.filter(({ activation }) => activation.endsWith('Gate'));
  return gates.length > 0 ? gates : series.filter(({ activation }) => activation === 'hidden');
}

/** The gate that keeps a reading's memory, and its time constants; null where the cell has none. */
export function keptOf({ series }: Statistics, reading: ReadingStatistics): SeriesStatistics | null {
  const { layer, direction, keepGate } = reading;
  return keepGate === null
    ? null
    : (series.find((each) => sameSeries(each, { layer, direction, activation: keepGate })) ?? null);
}

/** Of one unit with every signal, as they stand. */
export const correlationsOf = ({ series, unit }: PickedUnit, signals: readonly StepSignal[]): number[] =>
  signals.map((_, index) => series.correlations[index * series.mean.length + unit] ?? 0);
