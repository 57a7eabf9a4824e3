// Lists of recordings and what is said in them: one line each, fields parted by tabs.
import { dirname, resolve } from 'node:path';
import { dataPartSchema, type DataPart } from '../../app/contract/dataset';
import { UnrollError } from '../../app/errors';
import { readNamedFile } from './namedFile';

export interface ManifestRow {
  /** Absolute. */
  readonly path: string;
  /** As written, but for spaces at its ends. May be empty: a recording in which nothing is said. */
  readonly transcript: string;
  readonly speaker: string | null;
  readonly corpus: string | null;
  /** Null where the list does not say. */
  readonly part: DataPart | null;
  /** For sentences about this row. */
  readonly manifest: string;
  /** From 1. */
  readonly line: number;
}

/** A row with what only the data set itself has of it. */
export interface ListedRow extends ManifestRow {
  /** As it stands in the list: absolute, or relative to it. */
  readonly stored: string;
  /** What it was recorded with. */
  readonly device: string | null;
  /** By the person: it stays in the list and is not trained on. */
  readonly isLeftOut: boolean;
}

/** A line of a manifest that is written. */
export interface StoredRow {
  /** Absolute, or relative to the folder. */
  readonly path: string;
  readonly transcript: string;
  readonly speaker: string | null;
  readonly corpus: string | null;
  readonly part: DataPart;
  readonly device?: string | null;
  readonly isLeftOut?: boolean;
}

/** A million rows and more. */
const MAX_BYTES = 256 * 2 ** 20;
const LEFT_OUT = 'yes';
const COLUMNS_WITHOUT_HEADER = ['path', 'transcript', 'speaker', 'corpus'];

/**
 * Reads `path<TAB>transcript[<TAB>speaker<TAB>corpus …]`, UTF-8, with or without a header line that names the columns; a
 * header may name them in any order and others besides, among them `part`: train, validation or test, and `leftOut`: rows
 * with `yes` there are passed over. Paths are relative to the manifest.
 * @throws UnrollError file.missing, file.unreadable, file.tooLarge, or manifest.invalid with the line.
 */
export async function readManifest(path: string): Promise<ManifestRow[]> {
  return parseManifest(await readListText(path), path);
}

export function parseManifest(text: string, path: string): ManifestRow[] {
  const rows = parseListedRows(text, path).filter(({ isLeftOut }) => !isLeftOut);
  if (rows.length === 0)
    throw new UnrollError('manifest.invalid', { file: path, line: 1, reason: 'It lists no recording.' });
  return rows.map(({ stored: _stored, device: _device, isLeftOut: _isLeftOut, ...row }) => row);
}

/** As parseManifest, with the rows that are left out; there may be none at all. */
export function parseListedRows(text: string, path: string): ListedRow[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const firstFields = (lines[0] ?? '').split('\t').map((field) => field.trim().toLowerCase());
  const hasHeader = firstFields.includes('path') && firstFields.includes('transcript');
  const columns = hasHeader ? firstFields : COLUMNS_WITHOUT_HEADER;
  return lines.flatMap((content, index) =>
    (hasHeader && index === 0) || content.trim() === '' ? [] : [rowOf(content, columns, { path, line: index + 1 })],
  );
}

function rowOf(
  content: string,
  columns: readonly string[],
  { path, line }: { readonly path: string; readonly line: number },
): ListedRow {
  const refuse = (reason: string): never => {
    throw new UnrollError('manifest.invalid', { file: path, line, reason });
  };
  const fields = content.split('\t');
  const field = (name: string): string | null => fields[columns.indexOf(name)]?.trim() ?? null;
  const file = field('path');
  const transcript = field('transcript');
  if (!file) return refuse('It names no file.');
  if (transcript === null) return refuse('It has no tab between the file and its transcript.');
  const part = dataPartSchema.nullable().safeParse(field('part') || null);
  if (!part.success) return refuse(`Its part must be one of: ${dataPartSchema.options.join(', ')}.`);
  const leftOut = field('leftout') || null;
  if (leftOut !== null && leftOut !== LEFT_OUT) return refuse(`Its leftOut must be ${LEFT_OUT} or empty.`);
  return {
    path: resolve(dirname(path), file),
    transcript,
    speaker: field('speaker') || null,
    corpus: field('corpus') || null,
    part: part.data,
    manifest: path,
    line,
    stored: file,
    device: field('device') || null,
    isLeftOut: leftOut !== null,
  };
}

/** The list as text. What only few rows have stands in a column where one has it. */
export function manifestText(rows: readonly StoredRow[]): string {
  const columns: [string, (row: StoredRow) => string][] = [
    ['path', (row) => row.path],
    ['transcript', (row) => row.transcript],
    ['speaker', (row) => row.speaker ?? ''],
    ['corpus', (row) => row.corpus ?? ''],
    ['part', (row) => row.part],
  ];
  if (rows.some(({ device }) => device)) columns.push(['device', (row) => row.device ?? '']);
  if (rows.some(({ isLeftOut }) => isLeftOut)) columns.push(['leftOut', (row) => (row.isLeftOut ? LEFT_OUT : '')]);
  const header = columns.map(([name]) => name).join('\t');
  const lines = rows.map((row) => columns.map(([, value]) => value(row)).join('\t'));
  return `${[header, ...lines].join('\n')}\n`;
}

/**
 * The text of a list that a person named.
 * @throws UnrollError file.missing, file.unreadable, file.tooLarge, or manifest.invalid where it is not UTF-8.
 */
export async function readListText(path: string): Promise<string> {
  const bytes = await readNamedFile(path, MAX_BYTES);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new UnrollError(
      'manifest.invalid',
      { file: path, line: 1, reason: 'It is not UTF-8 text.' },
      { cause: error },
    );
  }
}
