// unroll data import SRC --out DIR, unroll data check DIR
import english from '../../assets/messages/en/data.json';
import errors from '../../assets/messages/en/errors.json';
import type { Amount, CheckReport, ImportFormat, ImportReport, LeftOutGroup } from '../../app/contract/dataset';
import { dataText, leftOutText, type DataKey, type DataLanguage } from '../../app/dataSentences';
import { UnrollError, type ErrorParams } from '../../app/errors';
import { checkData } from '../data/checking';
import { isThere } from '../data/dataFolder';
import { importData } from '../data/importing';
import { KnownSounds } from '../data/knownSounds';
import { openArchive } from '../data/openArchive';
import { isArchive } from '../data/zipEntries';
import { exportSet } from '../data/setArchive';
import { answer, answerJson, clearBar, drawBar, EXIT, say } from './output';

export interface DataImportOptions {
  readonly out: string;
  readonly format?: ImportFormat;
  readonly copy?: boolean;
  readonly replace?: boolean;
  readonly known?: string;
  readonly seed: number;
  readonly json?: boolean;
}

const LANGUAGE: DataLanguage = { data: english, errors };
const text = (key: DataKey, params: ErrorParams = {}): string => dataText(LANGUAGE, key, params);
const number = (value: number): string => value.toLocaleString('en');

/** @returns the exit code: 1 where something was left out; interrupted, nothing is left of it */
export async function dataImportCommand(source: string, options: DataImportOptions): Promise<number> {
  if (await isArchiveThere(source)) return openArchiveCommand(source, options);
  const known = options.known === undefined ? null : await KnownSounds.open(options.known);
  const report = await untilInterrupted((signal) =>
    importData(source, options.out, {
      format: options.format ?? null,
      isCopying: options.copy === true,
      isReplacing: options.replace === true,
      seed: options.seed,
      known,
      signal,
      onProgress,
    }),
  );
  if (report === null) return EXIT.interrupted;
  if (options.json) answerJson(report);
  else for (const line of importLines(report)) answer(line);
  if (report.taken.recordings === 0) throw new UnrollError('dataset.nothingTaken', { file: source });
  return report.leftOut.length > 0 ? EXIT.badInput : EXIT.ok;
}

/** A missing source is the importers' to name. */
async function isArchiveThere(source: string): Promise<boolean> {
  return (await isThere(source)) && (await isArchive(source));
}

async function openArchiveCommand(source: string, { out, replace, json: isJson }: DataImportOptions): Promise<number> {
  const isReplacing = replace === true;
  const opened = await untilInterrupted((signal) => openArchive(source, out, { isReplacing, signal, onProgress }));
  if (opened === null) return EXIT.interrupted;
  const { about, recordings } = opened;
  if (isJson) answerJson({ folder: out, title: about.title, recordings });
  else answer(text('data.opened', { file: source, folder: out, recordings: number(recordings) }));
  return EXIT.ok;
}

/** @returns the exit code; interrupted, nothing is left of it */
export async function dataExportCommand(
  folder: string,
  { out, json: isJson }: { readonly out: string; readonly json?: boolean },
): Promise<number> {
  const bytes = await untilInterrupted((signal) => exportSet(folder, out, { signal, onProgress }));
  if (bytes === null) return EXIT.interrupted;
  if (isJson) answerJson({ file: out, bytes });
  else answer(text('data.saved', { file: out, megabytes: (bytes / 2 ** 20).toFixed(1) }));
  return EXIT.ok;
}

/** @returns the exit code: 1 where something cannot be trained on */
export async function dataCheckCommand(folder: string, { json: isJson }: { readonly json?: boolean }): Promise<number> {
  const report = await untilInterrupted((signal) => checkData(folder, { signal, onProgress }));
  if (report === null) return EXIT.interrupted;
  if (isJson) answerJson(report);
  else for (const line of checkLines(report)) answer(line);
  return report.leftOut.length + report.unmappable.length > 0 ? EXIT.badInput : EXIT.ok;
}

const onProgress = (done: number, of: number): void => drawBar(done / of, text('data.progress', { done, of }));

/** Null where the person stopped it. */
async function untilInterrupted<A>(work: (signal: AbortSignal) => Promise<A>): Promise<A | null> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt);
  try {
    return await work(stop.signal);
  } catch (error) {
    if (!stop.signal.aborted || error !== stop.signal.reason) throw error;
    say(text('data.stopped'));
    return null;
  } finally {
    process.off('SIGINT', interrupt);
    clearBar();
  }
}

function* importLines(report: ImportReport): Generator<string> {
  const { source, taken, split } = report;
  const evidence =
    source.evidence === null
      ? text('data.evidence.asked')
      : text(`data.evidence.${source.format}`, { file: source.evidence.file });
  const isWritten = taken.recordings > 0;
  const fields: [DataKey, string][] = [['data.report.format', `${source.format}. ${evidence}`]];
  if (isWritten) fields.push(['data.report.folder', report.folder], ...amountFields(taken));
  if (isWritten) fields.push(['data.report.files', text(`data.files.${report.sound}`)]);
  if (isWritten) fields.push(['data.report.symbols', `${report.symbols.length}: ${symbolsText(report.symbols)}`]);
  for (const { part, ...amount } of isWritten ? report.parts : []) fields.push([`data.part.${part}`, partText(amount)]);
  yield* columns(fields);
  if (isWritten && split.by === 'recording') yield text('data.split.recording');
  yield* leftOutLines(report.leftOut);
}

/** Outliers and classes that are printed; all are in the JSON. */
const PRINTED = 10;

function* checkLines(report: CheckReport): Generator<string> {
  const { usable, durations, secondsPerSymbol: pace, classes, unmappable } = report;
  const fields = amountFields(usable);
  const two = (value: number): string => value.toFixed(2);
  if (durations !== null) {
    const { shortest, median, longest } = durations;
    const values = { shortest: two(shortest), median: two(median), longest: two(longest) };
    fields.push(['data.report.durations', text('data.report.durationsText', values)]);
  }
  if (pace !== null) {
    const values = { median: pace.median.toFixed(3), number: pace.number };
    fields.push(['data.report.pace', text('data.report.paceText', values)]);
  }
  fields.push([
    'data.report.symbols',
    listText(
      report.symbols.map(({ symbol, count }) => [symbol, count]),
      100,
    ),
  ]);
  const list = classes.list.map((each) => [each.text, each.recordings] as const);
  fields.push([`data.report.classes.${classes.by}`, `${number(classes.number)}: ${listText(list, PRINTED)}`]);
  for (const { part, ...amount } of report.parts) fields.push([`data.part.${part}`, partText(amount)]);
  yield* columns(fields);
  for (const { symbol, file, line } of unmappable.slice(0, PRINTED)) {
    yield `${text('data.report.unmappable')}  ${text('data.placed.line', { file, line, sentence: symbol })}`;
  }
  yield* leftOutLines(report.leftOut);
  if (report.advice.length > 0) yield text('data.report.advice');
  for (const { code, params } of report.advice) yield `  ${text(`data.advice.${code}`, params)}`;
  for (const { file, line, secondsPerSymbol, kind } of pace?.outliers.slice(0, PRINTED) ?? []) {
    yield `  ${text(`data.outlier.${kind}`, { file, line, seconds: secondsPerSymbol.toFixed(3) })}`;
  }
}

/** "e 12, a 3 …" */
const listText = (list: readonly (readonly [string, number])[], most: number): string =>
  list
    .slice(0, most)
    .map(([name, count]) => `${name === ' ' ? '␣' : name} ${number(count)}`)
    .join(', ') + (list.length > most ? ' …' : '');

const amountFields = ({ recordings, seconds, speakers, words }: Amount): [DataKey, string][] => [
  ['data.report.recordings', number(recordings)],
  ['data.report.sound', timeText(seconds)],
  ['data.report.speakers', number(speakers)],
  ['data.report.words', number(words)],
];

const partText = ({ recordings, speakers, seconds }: Amount): string =>
  text('data.part.amount', { recordings: number(recordings), speakers: number(speakers), time: timeText(seconds) });

function* columns(fields: readonly (readonly [DataKey, string])[]): Generator<string> {
  const width = Math.max(...fields.map(([key]) => text(key).length));
  for (const [key, value] of fields) yield `${text(key).padEnd(width)}  ${value}`;
}

/** Every reason with its number, and the first cases of each. */
function* leftOutLines(groups: readonly LeftOutGroup[]): Generator<string> {
  const total = groups.reduce((sum, group) => sum + group.count, 0);
  if (total > 0) yield `${text('data.report.leftOut')}  ${number(total)}`;
  for (const { reason, count, examples } of groups) {
    for (const example of examples) yield `  ${leftOutText(LANGUAGE, reason, example)}`;
    const more = count - examples.length;
    if (more > 0) yield `  ${text('data.report.more', { count: number(more) })}`;
  }
}

/** 1:02:03, or 2:03. */
function timeText(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, min, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number): string => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(min)}:${two(s)}` : `${min}:${two(s)}`;
}

/** A space would not be seen. */
const symbolsText = (symbols: readonly string[]): string =>
  symbols
    .slice(0, 100)
    .map((symbol) => (symbol === ' ' ? '␣' : symbol))
    .join(' ') + (symbols.length > 100 ? ' …' : '');
