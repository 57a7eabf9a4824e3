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

/** A million rows and more. */
const MAX_BYTES = 256 * 2 ** 20;
const COLUMNS_WITHOUT_HEADER = ['path', 'transcript', 'speaker', 'corpus'];

/**
 * Reads `path<TAB>transcript[<TAB>speaker<TAB>corpus …]`, UTF-8, with or without a header line that names the columns; a
 * header may name them in any order and others besides, among them `part`: train, validation or test. Paths are relative to the manifest.
 * @throws UnrollError file.missing, file.unreadable, file.tooLarge, or manifest.invalid with the line.
 */
export async function readManifest(path: string): Promise<ManifestRow[]> {
  return parseManifest(await readListText(path), path);
}

export function parseManifest(text: string, path: string): ManifestRow[] {
  const refuse = (line: number, reason: string): never => {
    throw new UnrollError('manifest.invalid', { file: path, line, reason });
  };
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  const firstFields = (lines[0] ?? '').split('\t').map((field) => field.trim().toLowerCase());
  const hasHeader = firstFields.includes('path') && firstFields.includes('transcript');
  const columns = hasHeader ? firstFields : COLUMNS_WITHOUT_HEADER;
  const rows: ManifestRow[] = [];
  lines.forEach((content, index) => {
    const line = index + 1;
    if ((hasHeader && index === 0) || content.trim() === '') return;
    const fields = content.split('\t');
    const field = (name: string): string | null => fields[columns.indexOf(name)]?.trim() ?? null;
    const file = field('path');
    const transcript = field('transcript');
    if (!file) return refuse(line, 'It names no file.');
    if (transcript === null) return refuse(line, 'It has no tab between the file and its transcript.');
    const part = dataPartSchema.nullable().safeParse(field('part') || null);
    if (!part.success) return refuse(line, `Its part must be one of: ${dataPartSchema.options.join(', ')}.`);
    rows.push({
      path: resolve(dirname(path), file),
      transcript,
      speaker: field('speaker') || null,
      corpus: field('corpus') || null,
      part: part.data,
      manifest: path,
      line,
    });
  });
  if (rows.length === 0) return refuse(1, 'It lists no recording.');
  return rows;
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
