// What a file format of transcripts is, and the one way a file says that it cannot be read.
import { UnrollError } from '../errors';
import type { TranscriptDocument } from './document';

export interface TranscriptFormat {
  /** Of the file's name, without the dot. */
  readonly extension: string;
  readonly mediaType: string;
  /** With "\n" at the end of every line. */
  write(document: TranscriptDocument): string;
  /**
   * @param file its name, for the error
   * @throws UnrollError transcript.unreadable with the line
   */
  read(text: string, file: string): TranscriptDocument;
}

/** @param line from 1 */
export const unreadable = (file: string, line: number): UnrollError =>
  new UnrollError('transcript.unreadable', { file, line });

export const BYTE_ORDER_MARK = '\uFEFF';

/** The lines of a file, whichever system wrote it. */
export const linesOf = (text: string): string[] => text.replace(BYTE_ORDER_MARK, '').split(/\r\n|\n|\r/);

/** A document of these segments that lasts as long as they do. */
export function documentOf(segments: TranscriptDocument['segments'], title = ''): TranscriptDocument {
  return { title, durationMs: segments.reduce((most, { endMs }) => Math.max(most, endMs), 0), segments };
}

/** A line's text with single spaces: a line break inside a subtitle is a space here. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Seconds with three decimals. */
export const secondsText = (milliseconds: number): string => (milliseconds / 1000).toFixed(3);

/** Milliseconds of a number of seconds; null where it is none. */
export function millisecondsOf(seconds: string | undefined): number | null {
  if (seconds === undefined || !/^\d+(\.\d+)?$/.test(seconds.trim())) return null;
  return Math.round(Number(seconds) * 1000);
}

/** 01:02:03.456, or with another sign before the milliseconds. */
export function clockText(milliseconds: number, decimal: '.' | ','): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const rest = String(Math.round(milliseconds) % 1000).padStart(3, '0');
  const seconds = Math.floor(Math.round(milliseconds) / 1000);
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}${decimal}${rest}`;
}

/** What clockText writes; hours may be left out, and the sign before the milliseconds may be either. */
export const CLOCK = String.raw`(?:(\d+):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})`;

/** @param parts hours, minutes, seconds and decimals as CLOCK finds them */
export function millisecondsOfClock([hours = '0', minutes, seconds, decimals]: readonly (
  string | undefined
)[]): number {
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  return whole * 1000 + Number((decimals ?? '0').padEnd(3, '0'));
}
