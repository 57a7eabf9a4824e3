// The tables behind the figures, for those who cannot see them and for those who want the numbers.
import type { MatrixSource } from '../../../app/contract/inspection';
import { fixed, score } from '../../i18n/format';
import { t } from '../../i18n/messages.svelte';
import type { DataTable } from '../../ui/dataTable';
import type { Inspected } from './inspected.svelte';
import { activationName } from './names';
import { instant, value } from './numbers';
import type { CursorValues } from './utterance.svelte';

const MOST_ROWS = 200;
const OVER_TIME = ['frame', 'time', 'mean', 'least', 'largest'] as const;

/** Every unit of a layer at the frame under the cursor: a row for each unit, a column for each activation. */
export function cursorTable({ activations }: CursorValues, layer: number, frame: number): DataTable {
  const own = activations.filter((each) => each.layer === layer);
  const isBothWays = new Set(own.map(({ direction }) => direction)).size > 1;
  const units = Math.max(0, ...own.map(({ values }) => values.length));
  return {
    columns: [
      t('inspect.table.unit'),
      ...own.map(({ activation, direction }) =>
        isBothWays
          ? `${activationName(activation)}, ${t(`inspect.direction.${direction}`)}`
          : activationName(activation),
      ),
    ],
    rows: Array.from({ length: units }, (_, unit) => [
      String(unit),
      ...own.map(({ values }) => (unit < values.length ? value(values[unit] ?? 0) : '')),
    ]),
    note: t('inspect.table.atCursor', { layer: layer + 1, frame }),
  };
}

/** Mean, smallest and largest of all units over what is in view: a row for each frame, or for some of them. */
export async function overTimeTable(inspected: Inspected, source: MatrixSource): Promise<DataTable> {
  const matrix = inspected.matrix(source);
  const { startMs, endMs } = inspected.axis.shown;
  const [from, to] = [Math.floor(startMs / matrix.frameMs), Math.min(matrix.frames, Math.ceil(endMs / matrix.frameMs))];
  const level = Math.max(0, Math.ceil(Math.log2((to - from) / MOST_ROWS)));
  const every = 2 ** level;
  const first = Math.floor(from / every);
  const values = await inspected.rows(source, { from: first, to: Math.ceil(to / every), level, reduce: 'mean' });
  const count = matrix.units === 0 ? 0 : values.length / matrix.units;
  const rows = Array.from({ length: count }, (_, row) => {
    const units = values.subarray(row * matrix.units, (row + 1) * matrix.units);
    const mean = units.reduce((sum, each) => sum + each, 0) / units.length;
    const at = (first + row) * every;
    return [
      String(at),
      instant(at * matrix.frameMs),
      value(mean),
      value(units.reduce((least, each) => Math.min(least, each), Infinity)),
      value(units.reduce((most, each) => Math.max(most, each), -Infinity)),
    ];
  });
  return {
    columns: OVER_TIME.map((name) => t(`inspect.table.${name}`)),
    rows,
    note: every === 1 ? '' : t('inspect.table.every', { every }),
  };
}

/** Every symbol that was emitted. */
export function symbolTable({ text, inspection }: Inspected): DataTable {
  const { emissions = [] } = text ?? {};
  return {
    columns: [
      t('inspect.table.frame'),
      t('inspect.table.time'),
      t('inspect.table.symbol'),
      t('inspect.table.frames'),
      t('inspect.table.score'),
    ],
    rows: emissions
      .slice(0, MOST_ROWS * 5)
      .map(({ classIndex, fromStep, toStep, confidence }) => [
        String(fromStep),
        fixed((fromStep * inspection.stepMs) / 1000, 2),
        inspection.symbols[classIndex] ?? '',
        String(toStep - fromStep),
        score(confidence),
      ]),
    note: '',
  };
}
