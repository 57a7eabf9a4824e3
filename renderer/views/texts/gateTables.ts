// The numbers behind the gates at each word: every unit at one word, and all of them as one file.
import type { TextTrace } from '../../../app/contract/texts';
import { score } from '../../i18n/format';
import { t } from '../../i18n/messages.svelte';
import type { DataTable } from '../../ui/dataTable';
import { activationName } from '../inspect/names';
import { value } from '../inspect/numbers';

export type TraceSeries = TextTrace['series'][number];
export type SeriesPlace = Pick<TraceSeries, 'layer' | 'direction' | 'activation'>;

export const seriesAt = (trace: TextTrace, { layer, direction, activation }: SeriesPlace): TraceSeries | null =>
  trace.series.find((each) => each.layer === layer && each.direction === direction && each.activation === activation) ??
  null;

/** The units' values at a word, [units]. */
export const unitsAt = ({ values, units }: TraceSeries, word: number): Float32Array =>
  values.subarray(word * units, (word + 1) * units);

/** Mean of the units at a word; null where the text has no such word. */
export function meanAt(series: TraceSeries, word: number): number | null {
  const units = unitsAt(series, word);
  return units.length === 0 ? null : units.reduce((sum, each) => sum + each, 0) / units.length;
}

/** Every unit of a layer at a word: a row for each unit, a column for each activation and direction. */
export function wordTable(trace: TextTrace, layer: number, word: number): DataTable {
  const own = trace.series.filter((series) => series.layer === layer);
  const isBothWays = new Set(own.map(({ direction }) => direction)).size > 1;
  const nameOf = ({ activation, direction }: TraceSeries): string =>
    isBothWays ? `${activationName(activation)}, ${t(`inspect.direction.${direction}`)}` : activationName(activation);
  const units = Math.max(0, ...own.map((series) => series.units));
  const answer = trace.answers.length === trace.words.length ? trace.answers[word] : undefined;
  return {
    columns: [t('inspect.table.unit'), ...own.map(nameOf)],
    rows: Array.from({ length: units }, (_, unit) => [
      String(unit),
      ...own.map((series) => (unit < series.units ? value(unitsAt(series, word)[unit] ?? 0) : '')),
    ]),
    note: answer
      ? t('texts.tableNote', { word: trace.words[word] ?? '', tag: answer.label, score: score(answer.probability) })
      : '',
  };
}

/** Everything that is shown, a row for each word and activation; a column for each unit, in the layers' own order. */
export function gatesTable(traces: readonly TextTrace[]): DataTable {
  const units = Math.max(0, ...traces.flatMap(({ series }) => series.map((each) => each.units)));
  const head = ['text', 'place', 'word', 'answer', 'layer', 'direction', 'activation'];
  return {
    columns: [...head, ...Array.from({ length: units }, (_, unit) => `unit_${unit}`)],
    rows: traces.flatMap((trace, side) =>
      trace.words.flatMap((word, place) =>
        trace.series.map((series) => [
          ...[side + 1, place + 1, word, (trace.answers[place] ?? trace.answers[0])?.label ?? null],
          ...[series.layer, series.direction, series.activation],
          ...Array.from({ length: units }, (_, unit) => exact(unitsAt(series, place)[unit])),
        ]),
      ),
    ),
  };
}
/** Seven digits hold all that a float32 knows. */
const exact = (of: number | undefined): number | null => (of === undefined ? null : Number(of.toPrecision(7)));
