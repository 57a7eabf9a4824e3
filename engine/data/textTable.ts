// Tables of texts and what they are labelled with: one line each, fields parted by tabs.
import { dataPartSchema, type DataPart } from '../../app/contract/dataset';
import { UnrollError, type ReasonParams } from '../../app/errors';
import { readListText } from './manifest';

export interface TextRow {
  readonly text: string;
  /** One label, or the tags as they are written, parted by spaces. */
  readonly labels: string;
  /** Null where the table does not say. */
  readonly part: DataPart | null;
  /** Whoever wrote a text is not known. */
  readonly speaker: null;
  /** For sentences about this row. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** The name of the second column: one label for a text, or a tag for each of its tokens. */
export type LabelColumn = 'label' | 'tags';

export const rowRefusal = ({ file, line }: Pick<TextRow, 'file' | 'line'>, reason: ReasonParams): UnrollError =>
  new UnrollError('manifest.invalid', { ...reason, file, line });

/**
 * Reads `text<TAB>label` or `text<TAB>tags`, UTF-8, with or without a header line that names the columns; a header may name
 * them in any order and others besides, among them `part`: train, validation or test.
 * @throws UnrollError file.missing, file.unreadable, file.tooLarge, or manifest.invalid with the line.
 */
export async function readTextTable(path: string, column: LabelColumn): Promise<TextRow[]> {
  return parseTextTable(await readListText(path), path, column);
}

export function parseTextTable(content: string, file: string, column: LabelColumn): TextRow[] {
  const rows: TextRow[] = [];
  readTextLines(content, file, column, (row) => {
    if ('reason' in row.read) throw rowRefusal({ file, line: row.line }, row.read);
    rows.push(row.read);
  });
  if (rows.length === 0) throw rowRefusal({ file, line: 1 }, { reason: 'reason.text.empty' });
  return rows;
}

/** Hands over every line that is not empty: its row, or why there is none. */
export function readTextLines(
  content: string,
  file: string,
  column: LabelColumn,
  take: (line: { readonly line: number; readonly read: TextRow | ReasonParams }) => void,
): void {
  const lines = content.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const firstFields = (lines[0] ?? '').split('\t').map((field) => field.trim().toLowerCase());
  const hasHeader = firstFields.includes('text') && firstFields.includes(column);
  const columns = hasHeader ? firstFields : ['text', column];
  lines.forEach((whole, index) => {
    if ((hasHeader && index === 0) || whole.trim() === '') return;
    const line = index + 1;
    take({ line, read: textRowOf(whole.split('\t'), { columns, column, file, line }) });
  });
}

interface TextLine {
  readonly columns: readonly string[];
  readonly column: LabelColumn;
  readonly file: string;
  readonly line: number;
}
/** A row, or why there is none. */
function textRowOf(fields: readonly string[], { columns, column, file, line }: TextLine): TextRow | ReasonParams {
  const field = (name: string): string | null => fields[columns.indexOf(name)]?.trim() ?? null;
  const text = field('text');
  const labels = field(column);
  if (text === null || labels === null)
    return { reason: column === 'label' ? 'reason.text.noTabLabel' : 'reason.text.noTabTags' };
  if (labels === '') return { reason: column === 'label' ? 'reason.text.noLabel' : 'reason.text.noTags' };
  const part = dataPartSchema.nullable().safeParse(field('part') || null);
  if (!part.success) return { reason: 'reason.text.part', choices: dataPartSchema.options.join(', ') };
  return { text, labels, part: part.data, speaker: null, file, line };
}
