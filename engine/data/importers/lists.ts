// Lists with a header line, which several formats are.
import { readListText } from '../manifest';
import { CSV, namedColumns, tableOf, TSV, type Table, type TableForm } from './delimited';
import type { Source } from './source';

export interface List {
  /** Relative to the source. */
  readonly file: string;
  readonly form: TableForm;
}

/** The lists at the top of a source whose header names these columns. */
export async function listsNaming(source: Source, columns: readonly string[]): Promise<List[]> {
  const lists: List[] = [];
  for (const file of source.topFiles) {
    const form = formOf(file);
    if (form === null) continue;
    const named = namedColumns(await source.firstLine(file), form);
    if (columns.every((column) => named.includes(column))) lists.push({ file, form });
  }
  return lists;
}

export const readTable = async (source: Source, { file, form }: List): Promise<Table> =>
  tableOf(await readListText(source.absolute(file)), form);

function formOf(file: string): TableForm | null {
  if (/\.csv$/i.test(file)) return CSV;
  return /\.(?:tsv|txt)$/i.test(file) ? TSV : null;
}
