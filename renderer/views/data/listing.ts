// What the table of a data set shows: those rows that match, in the person's order.
import type { DataRow, RowNote } from '../../../app/contract/dataSets';
import { findWords } from '../../shell/search';

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
  const found = rows.filter((row) => passes(row, filter) && matches(row, query));
  if (sort.key === 'order') return sort.isDescending ? found.reverse() : found;
  const compare = COMPARE[sort.key];
  const sign = sort.isDescending ? -1 : 1;
  return found.sort((a, b) => sign * compare(a, b) || a.rowId - b.rowId);
}

function passes(row: DataRow, filter: RowFilter): boolean {
  if (filter === 'check') return isToCheck(row);
  return filter === 'all' || row.isLeftOut;
}

const matches = (row: DataRow, query: string): boolean =>
  query.trim() === '' || findWords(`${row.text}\n${row.name}\n${row.speaker ?? ''}`, query) !== null;

const collator = new Intl.Collator(undefined, { numeric: true });
/** Many rows say the same. */
const compareText = (a: string, b: string): number => (a === b ? 0 : collator.compare(a, b));
const PARTS = ['train', 'validation', 'test'];
/** 0: cannot be learned; 1: to be looked at; 2: as it should be. */
const urgency = (row: DataRow): number => (!isToCheck(row) ? 2 : row.notes.some(isGrave) ? 0 : 1);

const COMPARE: Readonly<Record<Exclude<SortKey, 'order'>, (a: DataRow, b: DataRow) => number>> = {
  check: (a, b) => urgency(a) - urgency(b),
  text: (a, b) => compareText(a.text, b.text),
  speaker: (a, b) => compareText(a.speaker ?? '', b.speaker ?? ''),
  part: (a, b) => PARTS.indexOf(a.part) - PARTS.indexOf(b.part),
  length: (a, b) => (a.seconds ?? -1) - (b.seconds ?? -1),
  pace: (a, b) => (a.secondsPerSymbol ?? -1) - (b.secondsPerSymbol ?? -1),
};
