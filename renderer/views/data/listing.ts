// What the table of a data set shows: those rows that match, in the person's order.
import type { DataRow, RowNote } from '../../../app/contract/dataSets';
import { wordsOf } from '../../shell/search';

export type RowFilter = 'all' | 'check' | 'leftOut';
/** `check`: what is to be looked at first, the rest as it stands in the set. `order`: as it stands in the set. */
export type SortKey = 'check' | 'order' | 'text' | 'speaker' | 'part' | 'length' | 'pace';
export interface Sort {
  readonly key: SortKey;
  readonly isDescending: boolean;
}

/** A note that keeps its row from being learned; the others only ask to be looked at. */
export const isGrave = ({ code }: RowNote): boolean =>
  code === 'too-short' || code === 'empty-text' || code === 'unreadable' || code === 'missing' || code === 'unmappable';

/** Whether a person should look at it. Who left it out has looked. */
export const isToCheck = (row: DataRow): boolean => row.notes.length > 0 && !row.isLeftOut;

export interface RowCounts {
  readonly all: number;
  readonly check: number;
  readonly leftOut: number;
}
export function countsOf(rows: readonly DataRow[]): RowCounts {
  let check = 0;
  let leftOut = 0;
  for (const row of rows) {
    if (row.isLeftOut) leftOut += 1;
    else if (isToCheck(row)) check += 1;
  }
  return { all: rows.length, check, leftOut };
}

/** The rows to show: every word of the query is in the text, the file's name or the speaker's. */
export function listed(rows: readonly DataRow[], query: string, filter: RowFilter, sort: Sort): readonly DataRow[] {
  const words = wordsOf(query);
  const found = rows.filter((row) => passes(row, filter) && words.every((word) => searchedText(row).includes(word)));
  if (sort.key === 'order') return sort.isDescending ? found.reverse() : found;
  const keyOf = KEYS[sort.key](found);
  const sign = sort.isDescending ? -1 : 1;
  const keyed = found.map((row) => ({ row, key: sign * keyOf(row) }));
  return keyed.sort((a, b) => a.key - b.key || a.row.rowId - b.row.rowId).map(({ row }) => row);
}

function passes(row: DataRow, filter: RowFilter): boolean {
  if (filter === 'check') return isToCheck(row);
  return filter === 'all' || row.isLeftOut;
}

/** Asked for at every letter that is typed. */
const searchedTexts = new WeakMap<DataRow, string>();
function searchedText(row: DataRow): string {
  const known = searchedTexts.get(row);
  if (known !== undefined) return known;
  const text = `${row.text}\n${row.name}\n${row.speaker ?? ''}`.toLowerCase();
  searchedTexts.set(row, text);
  return text;
}

const collator = new Intl.Collator(undefined, { numeric: true });
/** Many rows say the same, and comparing as people do is slow: each text is compared once. */
function placesOf(rows: readonly DataRow[], textOf: (row: DataRow) => string): (row: DataRow) => number {
  const texts = [...new Set(rows.map(textOf))].sort(collator.compare);
  const places = new Map(texts.map((text, place) => [text, place]));
  return (row) => places.get(textOf(row)) as number;
}
const PARTS = ['train', 'validation', 'test'];
/** 0: cannot be learned; 1: to be looked at; 2: as it should be. */
const urgency = (row: DataRow): number => (!isToCheck(row) ? 2 : row.notes.some(isGrave) ? 0 : 1);

/** What rows are sorted by, ascending. */
const KEYS: Readonly<Record<Exclude<SortKey, 'order'>, (rows: readonly DataRow[]) => (row: DataRow) => number>> = {
  check: () => urgency,
  text: (rows) => placesOf(rows, ({ text }) => text),
  speaker: (rows) => placesOf(rows, ({ speaker }) => speaker ?? ''),
  part: () => (row) => PARTS.indexOf(row.part),
  length: () => (row) => row.seconds ?? -1,
  pace: () => (row) => row.secondsPerSymbol ?? -1,
};
