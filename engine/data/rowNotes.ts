// What is to be looked at in the rows of a data set, from what is known of their sounds: as the check tells it, row by row.
import { basename } from 'node:path';
import type { DataRow, RowNote } from '../../app/contract/dataSets';
import { UnrollError } from '../../app/errors';
import { graphemesOf } from '../text/graphemes';
import { SILENT_PEAK, soundReason, tooShortParams } from './checkedRows';
import type { SetRow } from './setFiles';
import type { SoundFacts } from './soundFacts';
import { median, OUTLIER_SCORE, outlierScores } from './statistics';
import { symbolName, unmappableSymbol } from './transcriptText';

/** A row, and what is known of its sound or why nothing is. */
export interface KnownRow {
  readonly row: SetRow;
  readonly sound: SoundFacts | UnrollError;
}

/** More than this without a voice, and more than half of the sound, is much. */
const MUCH_SILENCE_SECONDS = 1.5;

/** Seconds a symbol, of rows that have both. */
export function paceOf({ row, sound }: KnownRow): number | null {
  const symbols = graphemesOf(row.transcript).length;
  return sound instanceof UnrollError || symbols === 0 || sound.seconds === 0 ? null : sound.seconds / symbols;
}

export interface Outlier {
  readonly kind: 'slow' | 'fast';
  /** Seconds a symbol of the whole set. */
  readonly median: number;
}

/** Rows whose pace lies far from the others', by their index; what is left out does not count. */
export function outliersOf(rows: readonly KnownRow[]): ReadonlyMap<number, Outlier> {
  const spoken = rows.flatMap((each, index) => {
    const pace = each.row.isLeftOut ? null : paceOf(each);
    return pace === null ? [] : [{ index, pace }];
  });
  if (spoken.length === 0) return new Map();
  const paces = spoken.map(({ pace }) => pace);
  const middle = median(paces);
  const scores = outlierScores(paces);
  return new Map(
    spoken.flatMap(({ index }, at): [number, Outlier][] => {
      const score = scores[at] as number;
      return Math.abs(score) > OUTLIER_SCORE ? [[index, { kind: score > 0 ? 'slow' : 'fast', median: middle }]] : [];
    }),
  );
}

/** The row as the window shows it. */
export function shownRow(rowId: number, known: KnownRow, outlier: Outlier | undefined): DataRow {
  const { row, sound } = known;
  const isKnown = !(sound instanceof UnrollError);
  return {
    rowId,
    name: basename(row.stored).slice(0, 255),
    text: row.transcript.slice(0, 10_000),
    speaker: row.speaker?.slice(0, 200) ?? null,
    part: row.part,
    seconds: isKnown ? sound.seconds : null,
    secondsPerSymbol: paceOf(known),
    isLeftOut: row.isLeftOut,
    notes: notesOf(known, outlier),
    peaks: isKnown ? sound.peaks : new Float32Array(0),
  };
}

function notesOf(known: KnownRow, outlier: Outlier | undefined): RowNote[] {
  return [...textNotes(known.row.transcript), ...soundNotes(known), ...paceNotes(known, outlier)];
}

function textNotes(text: string): RowNote[] {
  if (text === '') return [{ code: 'empty-text', params: {} }];
  const strange = unmappableSymbol(text);
  return strange === null ? [] : [{ code: 'unmappable', params: { symbol: symbolName(strange) } }];
}

function soundNotes({ row, sound }: KnownRow): RowNote[] {
  if (sound instanceof UnrollError) {
    const [reason, params] = soundReason(sound, basename(row.stored));
    if (reason === 'missing-file') return [{ code: 'missing', params: {} }];
    return [{ code: 'unreadable', params: { ...params, file: basename(row.stored) } }];
  }
  if (sound.peak < SILENT_PEAK) return [{ code: 'silent', params: {} }];
  const notes: RowNote[] = [];
  const tooShort = tooShortParams(row.transcript, sound.seconds);
  if (tooShort !== null) notes.push({ code: 'too-short', params: tooShort });
  if (sound.silence > MUCH_SILENCE_SECONDS && 2 * sound.silence > sound.seconds)
    notes.push({ code: 'much-silence', params: { silence: rounded(sound.silence), seconds: rounded(sound.seconds) } });
  if (sound.clipped > 0) notes.push({ code: 'clipped', params: {} });
  return notes;
}

function paceNotes(known: KnownRow, outlier: Outlier | undefined): RowNote[] {
  const pace = paceOf(known);
  if (outlier === undefined || pace === null) return [];
  return [{ code: outlier.kind, params: { seconds: rounded(pace), median: rounded(outlier.median) } }];
}

const rounded = (seconds: number): number => Number(seconds.toFixed(2));
