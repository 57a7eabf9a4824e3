// Rows of a manifest whose sound was read, and the others with what is wrong with them.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LeftOutExample, LeftOutReason } from '../../app/contract/dataset';
import { MAX_FILE_BYTES, RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import { graphemesOf } from '../text/graphemes';
import { decodeAudio } from './audioFile';
import type { LeftOutList } from './leftOutList';
import type { ManifestRow } from './manifest';
import { readNamedFile } from './namedFile';
import { neededSound, storedText, symbolName, unmappableSymbol } from './transcriptText';

export interface CheckedRow extends ManifestRow {
  readonly seconds: number;
  /** Graphemes of its text as it is learned. */
  readonly symbols: readonly string[];
  /** No sample reaches −60 dB of full scale. */
  readonly isSilent: boolean;
}

/** A thousandth of full scale. */
export const SILENT_PEAK = 33;

/** 16 kHz mono. @throws UnrollError file.missing, file.unreadable, file.tooLarge, audio.unreadable, audio.empty */
export const readWholeSound = async (
  path: string,
  signal?: AbortSignal,
): Promise<{ bytes: Uint8Array; pcm: Int16Array }> => {
  const bytes = await readNamedFile(path, MAX_FILE_BYTES);
  return { bytes, pcm: await decodeAudio(bytes, path, signal) };
};

/** Why a sound could not be read, as a reason for which it is left out. */
export function soundReason(error: UnrollError, audio: string): [LeftOutReason, LeftOutExample['params']] {
  return error.code === 'file.missing'
    ? ['missing-file', { audio }]
    : ['unreadable-audio', { ...error.params, error: error.code }];
}

/** Reads every row's sound, one after the other. An empty text is allowed: nothing is said there. */
export async function checkRows(
  rows: readonly ManifestRow[],
  leftOut: LeftOutList,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (done: number, of: number) => void } = {},
): Promise<CheckedRow[]> {
  const checked: CheckedRow[] = [];
  for (const [index, row] of rows.entries()) {
    signal?.throwIfAborted();
    await nextTurn();
    const result = await checkRow(row, signal);
    if ('reason' in result) leftOut.add(result.reason, { file: row.manifest, line: row.line, params: result.params });
    else checked.push(result);
    onProgress?.(index + 1, rows.length);
  }
  return checked;
}

export type Refused = { readonly reason: LeftOutReason; readonly params: LeftOutExample['params'] };

async function checkRow(row: ManifestRow, signal?: AbortSignal): Promise<CheckedRow | Refused> {
  return checkedRow(row, async () => {
    const { pcm } = await readWholeSound(row.path, signal);
    const peak = pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    return { seconds: pcm.length / RECORDING_SAMPLE_RATE_HZ, peak };
  });
}

/** @param measure length and loudest sample of its sound; asked only where the text can be learned, and throws as readWholeSound does */
export async function checkedRow(
  row: ManifestRow,
  measure: () => Promise<{ readonly seconds: number; readonly peak: number }>,
): Promise<CheckedRow | Refused> {
  const transcript = storedText(row.transcript);
  const strange = unmappableSymbol(transcript);
  if (strange !== null) return { reason: 'unmappable-transcript', params: { symbol: symbolName(strange) } };
  try {
    const { seconds, peak } = await measure();
    const tooShort = tooShortParams(transcript, seconds);
    if (tooShort !== null) return { reason: 'too-short', params: tooShort };
    return { ...row, transcript, seconds, symbols: graphemesOf(transcript), isSilent: peak < SILENT_PEAK };
  } catch (error) {
    if (!(error instanceof UnrollError)) throw error;
    const [reason, params] = soundReason(error, row.path);
    return { reason, params };
  }
}

/** Values of the sentence that says so, or null where the sound is long enough. */
export function tooShortParams(text: string, seconds: number): LeftOutExample['params'] | null {
  const needed = neededSound(text);
  if (seconds >= needed.seconds) return null;
  return { symbols: needed.symbols, needed: needed.seconds, seconds: Number(seconds.toFixed(3)) };
}
