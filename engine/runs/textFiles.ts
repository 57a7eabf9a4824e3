// The texts that a window sent to be learned of: what is in them, and how a run keeps them.
import { join } from 'node:path';
import { z } from 'zod';
import { isTagged, type TextTask } from '../../app/contract/textTask';
import { MAX_TOLD_ROWS, type TextFiles, type TextSourceFound } from '../../app/contract/textRuns';
import { dataPartSchema } from '../../app/contract/dataset';
import { UnrollError } from '../../app/errors';
import { checkFile } from '../data/checkFile';
import { readNamedJson } from '../data/namedJson';
import { parseTextSource, parseThreeFiles, type SourceRow, type TextSource } from '../data/textSource';
import { rowRefusal, type TextRow } from '../data/textTable';
import { writeFileAtomic } from '../library/atomicFile';
import { slotsOf } from '../metrics/slots';
import { journeySentences } from '../texts/journeys';

const TEXTS_FILE = 'texts.json';
const MAX_BYTES = 64 << 20;
const SAMPLE = { seed: 1, count: 800 };

/** @throws UnrollError manifest.invalid where it is not UTF-8, where files do not belong together, or where no line can be used */
export function sourceOf(task: TextTask, files: TextFiles): TextSource {
  const source = parsed(task, files);
  if (source.rows.length > 0) return source;
  const [first] = source.leftOut;
  throw rowRefusal(first ?? { file: files[0]?.name ?? '', line: 1 }, first?.reason ?? { reason: 'reason.text.empty' });
}

function parsed(task: TextTask, files: TextFiles): TextSource {
  if (files.length === 0) return { form: 'table', rows: journeySentences(SAMPLE.seed, SAMPLE.count), leftOut: [] };
  const texts = files.map((file) => ({ name: file.name, content: textOf(file) }));
  if (texts.length === 1) return parseTextSource(texts[0]!.content, texts[0]!.name, task);
  const ending = (end: string) => texts.find(({ name }) => name === end || name.endsWith(`.${end}`));
  const words = ending('seq.in');
  const labels = ending(isTagged(task) ? 'seq.out' : 'label');
  if (words === undefined || labels === undefined)
    throw new UnrollError('text.filesApart', { files: files.map(({ name }) => name).join(', ') });
  return parseThreeFiles(words, labels, task);
}

function textOf({ name, bytes }: TextFiles[number]): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UnrollError('manifest.invalid', { file: name, line: 1, reason: 'reason.text.notUtf8' }, { cause: error });
  }
}

/** What may be learned and validated with: nothing of the test. */
export function rowsToLearn({ rows }: TextSource): SourceRow[] {
  const own = rows.filter(({ part }) => part !== 'test');
  const namesValidation = own.some(({ part }) => part === 'validation');
  return namesValidation
    ? own.map((row) => ({ ...row, part: row.part ?? 'train' }))
    : own.map((row) => ({ ...row, part: null }));
}

export function foundIn(task: TextTask, files: TextFiles): TextSourceFound {
  const source = sourceOf(task, files);
  const counts = new Map<string, number>();
  for (const { labels } of source.rows) {
    const kinds = isTagged(task) ? slotsOf(labels.split(/\s+/u)).map(({ kind }) => kind) : [labels];
    for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  const labels = [...counts].map(([label, count]) => ({ label, count })).sort((a, b) => b.count - a.count);
  return {
    form: source.form,
    texts: source.rows.length,
    words: source.rows.reduce((sum, { text }) => sum + text.split(/\s+/u).length, 0),
    labels: labels.slice(0, 2_000),
    leftOut: source.leftOut.length,
    reasons: source.leftOut.slice(0, MAX_TOLD_ROWS).map(({ file, line, reason: params }) => ({ file, line, params })),
    examples: source.rows.slice(0, MAX_TOLD_ROWS).map(({ text, labels: given }) => ({ text, labels: given })),
  };
}

const storedSchema = z.array(
  z.strictObject({ text: z.string(), labels: z.string(), part: dataPartSchema.nullable(), line: z.number().int() }),
);

/** Keeps the texts as they were when the run began. @param folder the run's */
export async function writeRunTexts(folder: string, rows: readonly TextRow[]): Promise<void> {
  const stored = rows.map(({ text, labels, part, line }) => ({ text, labels, part, line }));
  await writeFileAtomic(join(folder, TEXTS_FILE), `${JSON.stringify(stored)}\n`);
}
/** @throws UnrollError file.missing, and naming the field that is not what was written */
export async function readRunTexts(folder: string): Promise<TextRow[]> {
  const file = join(folder, TEXTS_FILE);
  const rows = checkFile(storedSchema, await readNamedJson(file, MAX_BYTES), TEXTS_FILE);
  return rows.map((row) => ({ ...row, speaker: null, file: TEXTS_FILE }));
}
