// Texts with labels in the forms that people have them in, with a report of what was left out and why.
import { promises as fs } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { isTagged, type TextForm, type TextTask } from '../../app/contract/textTask';
import type { DataPart } from '../../app/contract/dataset';
import type { ReasonParams } from '../../app/errors';
import { tagsOfPhrases, normalPhrase } from '../keywords/phraseTags';
import { wordsOf } from '../text/tokens';
import { readListText } from './manifest';
import { readTextLines, rowRefusal, type TextRow } from './textTable';

export interface LeftOutText {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly reason: ReasonParams;
}
export interface SourceRow extends TextRow {
  /** Of a document with key phrases: all of them as they are compared, also those that its words do not write. */
  readonly phrases: readonly string[];
}
export interface TextSource {
  readonly form: TextForm;
  readonly rows: readonly SourceRow[];
  readonly leftOut: readonly LeftOutText[];
}

/**
 * Reads a source in whatever form it is.
 * @param path a file; or a folder with seq.in, seq.out and label, or what their names begin with, as `data/train`
 * @throws UnrollError file.missing, file.unreadable, file.tooLarge; manifest.invalid where it is not UTF-8, where files do not
 *   belong together, or where no line can be used
 */
export async function readTextSource(path: string, task: TextTask): Promise<TextSource> {
  const three = await threeFilesAt(path);
  const source = three === null ? parseTextSource(await readListText(path), path, task) : await readThree(three, task);
  if (source.rows.length > 0) return source;
  const [first] = source.leftOut;
  throw rowRefusal(first ?? { file: path, line: 1 }, first?.reason ?? { reason: 'reason.text.empty' });
}

/** @returns no rows where no line can be used */
export function parseTextSource(content: string, file: string, task: TextTask): TextSource {
  const lines = content.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  if (task === 'keywords') return { form: 'keyphrases', ...keyphraseRows(lines, file) };
  if (isTagged(task) && isTokenTable(lines)) return { form: 'tokens', ...tokenRows(lines, file) };
  return { form: 'table', ...tableRows(content, file, isTagged(task) ? 'tags' : 'label') };
}

type Rows = Pick<TextSource, 'rows' | 'leftOut'>;

/** Line by line, so that one that cannot be used costs no other. */
function tableRows(content: string, file: string, column: 'label' | 'tags'): Rows {
  const rows: SourceRow[] = [];
  const leftOut: LeftOutText[] = [];
  readTextLines(content, file, column, ({ line, read }) => {
    if ('reason' in read) return void leftOut.push({ file, line, reason: read });
    const reason = wordsOf(read.text).length === 0 ? NO_TOKEN : column === 'tags' ? tagMisfit(read) : null;
    if (reason === null) rows.push({ ...read, phrases: [] });
    else leftOut.push({ file, line, reason });
  });
  return { rows, leftOut };
}

const spaced = (text: string): string[] => text.split(/\s+/u).filter((part) => part !== '');
const NO_TOKEN: ReasonParams = { reason: 'reason.text.noToken' };
function tagMisfit({ text, labels }: Pick<TextRow, 'text' | 'labels'>): ReasonParams | null {
  const [tokens, tags] = [spaced(text).length, spaced(labels).length];
  return tokens === tags ? null : { reason: 'reason.text.tagCount', tokens, tags };
}

/** Sentences of one token a line have empty lines between them and no line with several tokens before a tab. */
function isTokenTable(lines: readonly string[]): boolean {
  const some = lines.filter((line) => line.trim() !== '').slice(0, 200);
  const isToken = (line: string): boolean => {
    const fields = line.includes('\t') ? line.split('\t') : spaced(line);
    return fields.length >= 2 && fields.every((field) => spaced(field).length === 1);
  };
  return (
    some.length > 0 && some.every(isToken) && lines.some((line, at) => line.trim() === '' && at < lines.length - 1)
  );
}

const DOCUMENT_START = '-DOCSTART-';
function tokenRows(lines: readonly string[], file: string): Rows {
  const rows: SourceRow[] = [];
  const leftOut: LeftOutText[] = [];
  let sentence: { readonly line: number; readonly words: string[]; readonly tags: string[] } | null = null;
  const close = (): void => {
    if (sentence !== null) {
      const { line, words, tags } = sentence;
      rows.push({
        ...{ text: words.join(' '), labels: tags.join(' ') },
        ...{ part: null, speaker: null, file, line, phrases: [] },
      });
    }
    sentence = null;
  };
  lines.forEach((whole, index) => {
    const fields = spaced(whole);
    if (fields.length === 0 || fields[0] === DOCUMENT_START) return close();
    if (fields.length < 2)
      return void leftOut.push({ file, line: index + 1, reason: { reason: 'reason.text.tokenAlone' } });
    sentence ??= { line: index + 1, words: [], tags: [] };
    sentence.words.push(fields[0]!);
    sentence.tags.push(fields.at(-1)!);
  });
  close();
  return { rows, leftOut };
}

const documentSchema = z.object({
  text: z.string().max(1 << 20),
  keyphrases: z.array(z.string().max(1000)).max(10_000),
  split: z.string().max(40).optional(),
});
const PARTS: Readonly<Record<string, DataPart>> = {
  train: 'train',
  dev: 'validation',
  valid: 'validation',
  validation: 'validation',
  test: 'test',
};

function keyphraseRows(lines: readonly string[], file: string): Rows {
  const rows: SourceRow[] = [];
  const leftOut: LeftOutText[] = [];
  lines.forEach((whole, index) => {
    if (whole.trim() === '') return;
    const place = { file, line: index + 1 };
    const read = documentOf(whole);
    if ('reason' in read) return void leftOut.push({ ...place, reason: read });
    const words = wordsOf(read.text);
    if (words.length === 0) return void leftOut.push({ ...place, reason: NO_TOKEN });
    const tags = tagsOfPhrases(words, read.keyphrases);
    const phrases = [...new Set(read.keyphrases.map(normalPhrase))].filter((phrase) => phrase !== '');
    const part = PARTS[read.split ?? ''] ?? null;
    rows.push({ ...place, text: words.join(' '), labels: tags.join(' '), part, speaker: null, phrases });
  });
  return { rows, leftOut };
}

/** The document, or why there is none. */
function documentOf(line: string): z.infer<typeof documentSchema> | ReasonParams {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return { reason: 'reason.text.notJson' };
    throw error;
  }
  const parsed = documentSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? '';
  return field === '' ? { reason: 'reason.text.noDocument' } : { reason: 'reason.text.documentField', field };
}

interface ThreeFiles {
  readonly words: string;
  readonly tags: string;
  readonly label: string;
}
const ENDINGS = { words: 'seq.in', tags: 'seq.out', label: 'label' } as const;

async function threeFilesAt(path: string): Promise<ThreeFiles | null> {
  const starts = [join(path, '/'), `${path}.`, join(path, 'train.')];
  if (basename(path).endsWith(ENDINGS.words))
    starts.push(join(dirname(path), basename(path).slice(0, -ENDINGS.words.length)));
  for (const start of starts) {
    const files = {
      words: `${start}${ENDINGS.words}`,
      tags: `${start}${ENDINGS.tags}`,
      label: `${start}${ENDINGS.label}`,
    };
    if (await isFile(files.words)) return files;
  }
  return null;
}
const isFile = (path: string): Promise<boolean> =>
  fs.stat(path).then(
    (stats) => stats.isFile(),
    () => false, // whoever reads it says why
  );

async function readThree(files: ThreeFiles, task: TextTask): Promise<TextSource> {
  if (task === 'keywords') throw rowRefusal({ file: files.words, line: 1 }, { reason: 'reason.text.noPhrases' });
  const other = isTagged(task) ? files.tags : files.label;
  const [words, labels] = await Promise.all([readListText(files.words), readListText(other)]);
  return parseThreeFiles({ name: files.words, content: words }, { name: other, content: labels }, task);
}

interface NamedText {
  readonly name: string;
  readonly content: string;
}
/**
 * @param other the tags, or the labels
 * @throws UnrollError manifest.invalid where they have not as many lines
 */
export function parseThreeFiles(words: NamedText, other: NamedText, task: TextTask): TextSource {
  const [texts, labels] = [linesOf(words.content), linesOf(other.content)];
  if (texts.length !== labels.length) {
    const place = { file: other.name, line: Math.min(texts.length, labels.length) + 1 };
    const counts = { lines: labels.length, other: basename(words.name), texts: texts.length };
    throw rowRefusal(place, { reason: 'reason.text.lineCount', ...counts });
  }
  const rows: SourceRow[] = [];
  const leftOut: LeftOutText[] = [];
  texts.forEach((whole, index) => {
    const [text, label] = [whole.trim(), labels[index]!.trim()];
    const place = { file: words.name, line: index + 1 };
    const missing: ReasonParams | null =
      text === '' ? NO_TOKEN : label === '' ? { reason: 'reason.text.noLabel' } : null;
    const misfit = missing ?? (isTagged(task) ? tagMisfit({ text, labels: label }) : null);
    if (misfit !== null) return void leftOut.push({ ...place, reason: misfit });
    rows.push({ ...place, text, labels: label, part: null, speaker: null, phrases: [] });
  });
  return { form: 'threeFiles', rows, leftOut };
}

function linesOf(content: string): string[] {
  const lines = content.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}
