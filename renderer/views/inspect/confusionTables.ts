// Names and numbers of confusions, as figures and the tables behind them have them.
import { sideOf, type ConfusionTable } from '../../../app/contract/confusions';
import { receiverCurve, type ReceiverCurve, type ReceiverPoint } from '../../../app/receiverCurve';
import { t } from '../../i18n/messages.svelte';
import type { DataTable } from '../../ui/dataTable';
import { countAt, rowSum } from './confusions.svelte';

/** What stands in a row's or a column's place: an item, the others together, or nothing. */
export function sideName(table: ConfusionTable, index: number, of: 'said' | 'read'): string {
  const { items } = table;
  if (index < items.length) return items[index] ?? '';
  if (index === sideOf(table) - 1) return t(of === 'said' ? 'inspect.confusions.putIn' : 'inspect.confusions.leftOut');
  return t('inspect.confusions.others', { count: table.distinct - items.length });
}

/** A row for each pair that was there, the most frequent first. */
export function confusionsTable(table: ConfusionTable): DataTable {
  const side = sideOf(table);
  const rows = Array.from({ length: side }, (_, row) =>
    Array.from({ length: side }, (_each, column) => {
      const count = countAt(table, { row, column });
      const names = [sideName(table, row, 'said'), sideName(table, column, 'read')] as const;
      return [...names, count, count === 0 ? 0 : Number((count / rowSum(table, row)).toPrecision(4))] as const;
    }),
  )
    .flat()
    .filter(([, , count]) => count > 0)
    .sort((a, b) => b[2] - a[2]);
  const columns = (['said', 'read', 'howOften', 'share'] as const).map((name) => t(`inspect.confusions.${name}`));
  return { columns, rows };
}

export interface ItemCurve extends ReceiverCurve {
  readonly item: string;
  readonly area: number;
}
/** Of the items that are in some sounds and not in others, and that the network can score; told worst first. */
export function itemCurves({ items, scores, isThere }: ConfusionTable): ItemCurve[] {
  const clips = items.length === 0 ? 0 : scores.length / items.length;
  return items
    .flatMap((item, index) => {
      const part = [index * clips, (index + 1) * clips] as const;
      const { area, ...curve } = receiverCurve(scores.subarray(...part), isThere.subarray(...part));
      return area === null || curve.points[1]?.threshold === 0 ? [] : [{ item, ...curve, area }];
    })
    .sort((a, b) => a.area - b.area);
}

export const trueRate = ({ positives }: ReceiverCurve, { truePositives }: ReceiverPoint): number =>
  truePositives / positives;
export const falseRate = ({ negatives }: ReceiverCurve, { falsePositives }: ReceiverPoint): number =>
  falsePositives / negatives;

/** Where most that is right is told for what is wrong: true rate less false rate (Youden 1950). */
export function bestPoint(curve: ReceiverCurve): number {
  const gains = curve.points.map((point) => trueRate(curve, point) - falseRate(curve, point));
  return gains.indexOf(Math.max(...gains));
}

export const curveTable = (curve: ItemCurve): DataTable => ({
  columns: (['threshold', 'truePositives', 'falsePositives', 'trueRate', 'falseRate'] as const).map((name) =>
    t(`inspect.roc.${name}`),
  ),
  rows: curve.points.map((point) => [
    Number.isFinite(point.threshold) ? point.threshold : null,
    point.truePositives,
    point.falsePositives,
    trueRate(curve, point),
    falseRate(curve, point),
  ]),
});
