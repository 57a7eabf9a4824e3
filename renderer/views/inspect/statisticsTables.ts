// What the statistics of a network's units come to: histograms, names, and the tables behind the figures.
import type { StepSignal } from '../../../app/contract/inspectionQuestions';
import { histogram } from '../../charts/histogram';
import { OPEN_BOX } from '../../charts/symbolBars';
import { t } from '../../i18n/messages.svelte';
import type { DataTable } from '../../ui/dataTable';
import { activationName } from './names';
import { keptOf, type SeriesStatistics, type Statistics } from './unitSurvey.svelte';

/** Shares of the steps, in twentieths. */
export const SHARES = { low: 0, high: 1, count: 20 } as const;
/** Memory's time constants in steps; beyond the last it lasts for good. */
export const CONSTANTS = { low: 0.3, high: 3_000, count: 32, isLog: true } as const;

export interface ReadingFigure {
  readonly layer: number;
  readonly direction: SeriesStatistics['direction'];
  readonly counts: readonly number[];
  readonly units: number;
  /** Units that stand for something by themselves: gates open for most of the time, or the median of the constants. */
  readonly value: number;
}

/** How often the gate that keeps the memory is open, of each reading that has one. */
export const openShares = (statistics: Statistics): ReadingFigure[] =>
  statistics.readings.flatMap((reading) => {
    const kept = keptOf(statistics, reading);
    if (kept === null) return [];
    const { layer, direction } = reading;
    const mostlyOpen = kept.open.filter((share) => share > 0.5).length;
    return [{ layer, direction, counts: histogram(kept.open, SHARES), units: kept.open.length, value: mostlyOpen }];
  });

/** How long each unit keeps what it has, of each reading whose cell says so. */
export const timeConstants = ({ readings }: Statistics): ReadingFigure[] =>
  readings
    .filter(({ keepGate }) => keepGate !== null)
    .map(({ layer, direction, timeConstantSteps: steps }) => ({
      layer,
      direction,
      counts: histogram(steps, CONSTANTS),
      units: steps.length,
      value: steps.slice().sort()[steps.length >> 1] ?? 0,
    }));

export function signalName(signal: StepSignal, symbols: readonly string[]): string {
  if (typeof signal === 'string') return t(`inspect.by.${signal}`);
  return signal.classIndex === symbols.length
    ? t('inspect.blank')
    : (symbols[signal.classIndex] ?? '').replace(' ', OPEN_BOX);
}

/** A row for each unit of each activation. */
export function statisticsTable({ series, readings }: Statistics): DataTable {
  const constantOf = (each: SeriesStatistics, unit: number): number | null => {
    const reading = readings.find(({ layer, direction }) => layer === each.layer && direction === each.direction);
    const steps = reading?.keepGate === each.activation ? reading.timeConstantSteps[unit] : undefined;
    return steps !== undefined && Number.isFinite(steps) ? steps : null;
  };
  return {
    columns: [
      t('inspect.statistics.layer'),
      t('inspect.statistics.direction'),
      t('inspect.statistics.activation'),
      t('inspect.table.unit'),
      t('inspect.table.mean'),
      t('inspect.statistics.deviation'),
      t('inspect.statistics.open'),
      t('inspect.scatter.left'),
      t('inspect.scatter.right'),
      t('inspect.statistics.constant'),
    ],
    rows: series.flatMap((each) =>
      [...each.mean].map((mean, unit) => [
        each.layer + 1,
        t(`inspect.direction.${each.direction}`),
        activationName(each.activation),
        unit,
        mean,
        each.deviation[unit] ?? 0,
        each.open[unit] ?? 0,
        each.low[unit] ?? 0,
        each.high[unit] ?? 0,
        constantOf(each, unit),
      ]),
    ),
  };
}

/** A row for each reading, a column for each part of the axis: how many units lie there. */
export const histogramTable = (rows: readonly ReadingFigure[], from: (part: number) => string): DataTable => ({
  columns: [
    t('inspect.statistics.layer'),
    t('inspect.statistics.direction'),
    ...(rows[0]?.counts ?? []).map((_, part) => from(part)),
  ],
  rows: rows.map(({ layer, direction, counts }) => [layer + 1, t(`inspect.direction.${direction}`), ...counts]),
});

/** A row for each unit, a column for each signal. */
export const correlationTable = (series: SeriesStatistics, signals: readonly string[]): DataTable => ({
  columns: [t('inspect.table.unit'), ...signals],
  rows: [...series.mean].map((_, unit) => [
    unit,
    ...signals.map((_name, index) => series.correlations[index * series.mean.length + unit] ?? 0),
  ]),
});

/** How far the correlations of a series go from zero; 1 where there are none. */
export const largestCorrelation = (series: SeriesStatistics | null): number =>
  series?.correlations.reduce((most, each) => Math.max(most, Math.abs(each)), 0) || 1;

/** Units by their mean, falling. */
export const byMean = ({ mean }: SeriesStatistics): number[] =>
  [...mean.keys()].sort((a, b) => (mean[b] ?? 0) - (mean[a] ?? 0) || a - b);

/** Units by what they have with one signal, falling. */
export function byCorrelation({ mean, correlations }: SeriesStatistics, signal: number): number[] {
  const of = (unit: number): number => correlations[signal * mean.length + unit] ?? 0;
  return [...mean.keys()].sort((a, b) => of(b) - of(a) || a - b);
}
