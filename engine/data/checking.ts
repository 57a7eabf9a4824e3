// What is in a data set, read anew: nothing of what its import once found is believed.
import { join, resolve } from 'node:path';
import { dataPartSchema, MAX_LISTED, MAX_OUTLIERS, type CheckReport } from '../../app/contract/dataset';
import { UnrollError } from '../../app/errors';
import { splitWords } from '../metrics/errorRates';
import { adviceFor } from './advice';
import { amountOf } from './amount';
import { checkRows, type CheckedRow } from './checkedRows';
import { MANIFEST_FILE, readDataset } from './dataFolder';
import { LeftOutList } from './leftOutList';
import { readManifest } from './manifest';
import { histogram, median, OUTLIER_SCORE, outlierScores } from './statistics';

export interface CheckOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Reads every sound and every text of a folder with manifest.tsv; dataset.json may be missing.
 * @throws UnrollError file.missing, manifest.invalid, config.invalid where dataset.json is there and is not valid; the signal's
 * reason where it was aborted
 */
export async function checkData(folder: string, options: CheckOptions = {}): Promise<CheckReport> {
  const manifest = await readManifest(join(folder, MANIFEST_FILE));
  const alphabet = await alphabetOf(folder);
  const leftOut = new LeftOutList();
  const rows = await checkRows(manifest, leftOut, options);
  return reportOf(resolve(folder), rows, leftOut, alphabet);
}

/** @param alphabet of dataset.json; null where there is none */
export function reportOf(
  folder: string,
  rows: readonly CheckedRow[],
  leftOut: LeftOutList,
  alphabet: ReadonlySet<string> | null,
): CheckReport {
  const told = {
    folder,
    usable: amountOf(rows),
    parts: partAmounts(rows),
    durations: durationsOf(rows),
    symbols: symbolCounts(rows),
    unmappable: alphabet === null ? [] : unmappableSymbols(rows, alphabet),
    classes: classesOf(rows),
    secondsPerSymbol: paceOf(rows),
    leftOut: leftOut.groups(),
  };
  return { ...told, advice: adviceFor(rows, told) };
}

async function alphabetOf(folder: string): Promise<ReadonlySet<string> | null> {
  try {
    return new Set((await readDataset(folder)).alphabet.symbols);
  } catch (error) {
    if (error instanceof UnrollError && error.code === 'file.missing') return null;
    throw error;
  }
}

/** Empty where no row says to which part it belongs. */
function partAmounts(rows: readonly CheckedRow[]): CheckReport['parts'] {
  if (rows.every(({ part }) => part === null)) return [];
  return dataPartSchema.options.map((part) => ({
    part,
    ...amountOf(rows.filter((row) => (row.part ?? 'train') === part)),
  }));
}

function durationsOf(rows: readonly CheckedRow[]): CheckReport['durations'] {
  if (rows.length === 0) return null;
  const seconds = rows.map((row) => row.seconds);
  const [shortest, longest] = [seconds.reduce((a, b) => Math.min(a, b)), seconds.reduce((a, b) => Math.max(a, b))];
  return { shortest, median: median(seconds), longest, histogram: histogram(seconds) };
}

function symbolCounts(rows: readonly CheckedRow[]): CheckReport['symbols'] {
  const counts = new Map<string, number>();
  for (const { symbols } of rows) for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  return [...counts]
    .map(([symbol, count]) => ({ symbol, count }))
    .sort((a, b) => b.count - a.count || (a.symbol < b.symbol ? -1 : 1))
    .slice(0, MAX_LISTED);
}

/** Each once, where it first occurs. */
function unmappableSymbols(rows: readonly CheckedRow[], alphabet: ReadonlySet<string>): CheckReport['unmappable'] {
  const found = new Map<string, CheckReport['unmappable'][number]>();
  for (const { symbols, manifest, line } of rows) {
    for (const symbol of symbols) {
      if (!alphabet.has(symbol) && !found.has(symbol)) found.set(symbol, { symbol, file: manifest, line });
    }
  }
  return [...found.values()].slice(0, MAX_LISTED);
}

function classesOf(rows: readonly CheckedRow[]): CheckReport['classes'] {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const { transcript } of rows) (seen.has(transcript) ? repeated : seen).add(transcript);
  const by = 2 * repeated.size >= seen.size ? 'text' : 'word';
  const found = new Map<string, { recordings: number; speakers: Set<string> }>();
  for (const { transcript, speaker } of rows) {
    const classes = by === 'text' ? [transcript] : new Set(splitWords(transcript));
    for (const text of classes) {
      const entry = found.get(text) ?? { recordings: 0, speakers: new Set() };
      entry.recordings += 1;
      if (speaker !== null) entry.speakers.add(speaker);
      found.set(text, entry);
    }
  }
  const list = [...found]
    .map(([text, { recordings, speakers }]) => ({ text, recordings, speakers: speakers.size }))
    .sort((a, b) => b.recordings - a.recordings || (a.text < b.text ? -1 : 1));
  return { by, number: list.length, list: list.slice(0, MAX_LISTED) };
}

function paceOf(rows: readonly CheckedRow[]): CheckReport['secondsPerSymbol'] {
  const spoken = rows.filter(({ symbols }) => symbols.length > 0);
  if (spoken.length === 0) return null;
  const paces = spoken.map(({ seconds, symbols }) => seconds / symbols.length);
  const scores = outlierScores(paces);
  const outliers = spoken
    .map(({ manifest, line }, index) => ({ manifest, line, pace: paces[index]!, score: scores[index]! }))
    .filter(({ score }) => Math.abs(score) > OUTLIER_SCORE)
    .sort((a, b) => Math.abs(b.score) - Math.abs(a.score));
  return {
    median: median(paces),
    number: outliers.length,
    outliers: outliers.slice(0, MAX_OUTLIERS).map(({ manifest, line, pace, score }) => ({
      file: manifest,
      line,
      secondsPerSymbol: pace,
      kind: score > 0 ? 'slow' : 'fast',
    })),
  };
}
