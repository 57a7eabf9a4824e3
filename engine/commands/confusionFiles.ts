// What a model takes for what, as tables for other programs: columns parted by tabs, a header, no quotes.
import { promises as fs } from 'node:fs';
import { sideOf, type ConfusionTable } from '../../app/contract/confusions';
import { receiverCurve } from '../../app/receiverCurve';
import { answer } from './output';

export interface ConfusionOptions {
  /** File of the counts. */
  readonly confusions?: string;
  /** File of the points of the curves. */
  readonly roc?: string;
}
/** A table with what its items are: "symbol", "word", "label". */
export interface NamedTable {
  readonly of: string;
  readonly table: ConfusionTable;
}

export const wantsConfusions = ({ confusions, roc }: ConfusionOptions): boolean =>
  confusions !== undefined || roc !== undefined;

export async function writeConfusions(
  tables: readonly NamedTable[],
  { confusions, roc }: ConfusionOptions,
): Promise<void> {
  if (confusions !== undefined) await fs.writeFile(confusions, fileOf(CELL_COLUMNS, tables.flatMap(cellRows)));
  if (roc !== undefined) await fs.writeFile(roc, fileOf(POINT_COLUMNS, tables.flatMap(pointRows)));
}

/** How well the scores part each item from what it is not; those that are in every clip or in none have no such number. */
export function answerAreas(tables: readonly NamedTable[]): void {
  for (const { of, table } of tables) {
    const areas = curvesOf(table).flatMap(({ curve: { area } }) => area ?? []);
    const mean = areas.reduce((sum, area) => sum + area, 0) / areas.length;
    if (areas.length > 0) answer(`area under ROC    ${mean.toFixed(4)}, mean of ${areas.length} ${of}s`);
  }
}

const CELL_COLUMNS = ['of', 'said', 'read', 'count', 'share'];
const POINT_COLUMNS = ['of', 'item', 'scoredBy', 'area', 'threshold', 'truePositiveRate', 'falsePositiveRate'];
/** What a row or a column is that stands for no item. */
const NONE = '';
const OTHERS = '*';

type Row = readonly (string | number)[];
const clean = (cell: string | number): string =>
  typeof cell === 'number' ? String(Number(cell.toPrecision(7))) : cell.replace(/[\t\n\r]/g, ' ');
const fileOf = (columns: readonly string[], rows: readonly Row[]): string =>
  [columns, ...rows].map((row) => `${row.map(clean).join('\t')}\n`).join('');

/** Each pair that was there, with its share of what was said (of what was put in, where nothing was). */
function cellRows({ of, table }: NamedTable): Row[] {
  const { items, counts } = table;
  const side = sideOf(table);
  const nameOf = (index: number): string => items[index] ?? (index === side - 1 ? NONE : OTHERS);
  return Array.from({ length: side }, (_, row) => {
    const own = [...counts.subarray(row * side, (row + 1) * side)];
    const all = own.reduce((sum, count) => sum + count, 0);
    return own.flatMap((count, column): Row[] =>
      count === 0 ? [] : [[of, nameOf(row), nameOf(column), count, count / all]],
    );
  }).flat();
}

function curvesOf({ items, scores, isThere }: ConfusionTable) {
  const clips = items.length === 0 ? 0 : scores.length / items.length;
  return items.flatMap((item, index) => {
    const part = [index * clips, (index + 1) * clips] as const;
    const curve = receiverCurve(scores.subarray(...part), isThere.subarray(...part));
    // What the model has no symbol or word for scores nothing anywhere.
    return curve.points[1]?.threshold === 0 ? [] : [{ item, curve }];
  });
}

function pointRows({ of, table }: NamedTable): Row[] {
  return curvesOf(table).flatMap(({ item, curve: { area, points, positives, negatives } }) =>
    area === null
      ? []
      : points.map(({ threshold, truePositives, falsePositives }): Row => [
          ...[of, item, table.scoredBy, area, threshold],
          ...[truePositives / positives, falsePositives / negatives],
        ]),
  );
}
