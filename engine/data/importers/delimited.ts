// Tables as text: comma-separated values (RFC 4180), and lines of fields parted by tabs or bars without any quoting.

export interface TableRow {
  readonly fields: readonly string[];
  /** Of the row's first character, from 1. */
  readonly line: number;
}
export interface TableForm {
  readonly delimiter: string;
  /** Whether "…" may hold delimiters and line ends, and "" a quotation mark. */
  readonly isQuoted: boolean;
}
export const CSV: TableForm = { delimiter: ',', isQuoted: true };
export const TSV: TableForm = { delimiter: '\t', isQuoted: false };
export const BARS: TableForm = { delimiter: '|', isQuoted: false };

/**
 * The rows of a table, blank lines left out. LF, CRLF and CR end a line, and a byte-order mark is no part of the first field.
 * A quotation mark inside an unquoted field stands for itself; a quotation that never ends reaches to the end of the text.
 */
export function* rowsOf(text: string, form: TableForm): Generator<TableRow, undefined> {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const reader = new RowReader(source, form);
  for (let row = reader.next(); row !== null; row = reader.next()) {
    if (row.fields.length > 1 || row.fields[0]?.trim() !== '') yield row;
  }
  return undefined;
}

class RowReader {
  readonly #text: string;
  readonly #form: TableForm;
  readonly #fieldEnd: RegExp;
  #at = 0;
  #line = 1;

  constructor(text: string, form: TableForm) {
    this.#text = text;
    this.#form = form;
    this.#fieldEnd = new RegExp(`[\\r\\n${form.delimiter === '|' ? '\\|' : form.delimiter}]`, 'g');
  }

  /** Null at the end of the text. */
  next(): TableRow | null {
    if (this.#at >= this.#text.length) return null;
    const line = this.#line;
    const fields = [this.#field()];
    while (this.#text[this.#at] === this.#form.delimiter) {
      this.#at += 1;
      fields.push(this.#field());
    }
    this.#endLine();
    return { fields, line };
  }

  #field(): string {
    return this.#form.isQuoted && this.#text[this.#at] === '"' ? this.#quoted() + this.#plain() : this.#plain();
  }

  #plain(): string {
    this.#fieldEnd.lastIndex = this.#at;
    const end = this.#fieldEnd.exec(this.#text)?.index ?? this.#text.length;
    const field = this.#text.slice(this.#at, end);
    this.#at = end;
    return field;
  }

  #quoted(): string {
    let field = '';
    this.#at += 1;
    for (;;) {
      const end = this.#text.indexOf('"', this.#at);
      const piece = this.#text.slice(this.#at, end < 0 ? undefined : end);
      field += piece;
      this.#line += piece.match(/\r\n|\n|\r/g)?.length ?? 0;
      this.#at = end < 0 ? this.#text.length : end + 1;
      if (end < 0 || this.#text[this.#at] !== '"') return field;
      field += '"';
      this.#at += 1;
    }
  }

  #endLine(): void {
    this.#at += this.#text.startsWith('\r\n', this.#at) ? 2 : 1;
    this.#line += 1;
  }
}

/** A table whose first row names its columns. */
export interface Table {
  /** In lower case, in their order. */
  readonly columns: readonly string[];
  readonly rows: Iterable<TableRow>;
  /** A row's value in a column, without spaces at its ends; null where the row ends before it, or no column is called so. */
  readonly value: (row: TableRow, column: string) => string | null;
}

export function tableOf(text: string, form: TableForm): Table {
  const rows = rowsOf(text, form);
  const columns = columnsOf(rows.next().value);
  const value = (row: TableRow, column: string): string | null => row.fields[columns.indexOf(column)]?.trim() ?? null;
  return { columns, rows, value };
}

/** The columns that a table's first line names. */
export const namedColumns = (firstLine: string, form: TableForm): readonly string[] =>
  columnsOf(rowsOf(firstLine, form).next().value);

const columnsOf = (row: TableRow | undefined): string[] =>
  (row?.fields ?? []).map((field) => field.trim().toLowerCase());
