// SubRip (.srt) and WebVTT (.vtt, https://www.w3.org/TR/webvtt1/).
import type { Segment } from './document';
import {
  CLOCK,
  clockText,
  documentOf,
  linesOf,
  millisecondsOfClock,
  oneLine,
  unreadable,
  type TranscriptFormat,
} from './format';

const TIMES = new RegExp(`^\\s*${CLOCK}\\s*-->\\s*${CLOCK}(?:\\s.*)?$`);

const withoutLastLine = (text: string): string => text.replace(/\n\n$/, '\n');

interface Block {
  readonly startMs: number;
  readonly endMs: number;
  readonly lines: readonly string[];
}

/** The cues of a file: each a line of times, and text up to the next empty line. */
function blocksOf(text: string, file: string): Block[] {
  const lines = linesOf(text);
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at++) {
    const times = TIMES.exec(lines[at] ?? '');
    if (times === null) {
      // A line of times that cannot be read would else take its text with it.
      if (lines[at]?.includes('-->') && (lines[at - 1] ?? '').trim() !== '') throw unreadable(file, at + 1);
      continue;
    }
    const end = lines.findIndex((line, index) => index > at && line.trim() === '');
    const body = lines.slice(at + 1, end < 0 ? lines.length : end);
    blocks.push({
      startMs: millisecondsOfClock(times.slice(1, 5)),
      endMs: millisecondsOfClock(times.slice(5, 9)),
      lines: body,
    });
    at += body.length;
  }
  if (blocks.length === 0 && text.trim() !== '' && !text.trim().startsWith('WEBVTT')) throw unreadable(file, 1);
  return blocks;
}

function segmentsIn(text: string, file: string, plain: (line: string) => string): Segment[] {
  return blocksOf(text, file)
    .map(({ startMs, endMs, lines }) => ({ startMs, endMs, text: oneLine(plain(lines.join(' '))), words: [] }))
    .filter((segment) => segment.text !== '');
}

/** With the empty line that ends it. @param number from 1 */
export const srtCue = ({ startMs, endMs, text }: Segment, number: number): string =>
  `${number}\n${clockText(startMs, ',')} --> ${clockText(endMs, ',')}\n${text}\n\n`;

export const SRT: TranscriptFormat = {
  extension: 'srt',
  mediaType: 'application/x-subrip',
  write: ({ segments }) => withoutLastLine(segments.map((segment, index) => srtCue(segment, index + 1)).join('')),
  read: (text, file) => documentOf(segmentsIn(text, file, (line) => line)),
};

const ESCAPES: readonly (readonly [string, string])[] = [
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
];
const escaped = (text: string): string => ESCAPES.reduce((kept, [from, to]) => kept.replaceAll(from, to), text);
/** Without tags such as <b> or <00:00:01.000>. */
function unescaped(text: string): string {
  const plain = text.replace(/<[^>]*>/g, '');
  return [...ESCAPES].reverse().reduce((kept, [from, to]) => kept.replaceAll(to, from), plain);
}

export const VTT_HEAD = 'WEBVTT\n\n';

/** With the empty line that ends it. */
export const vttCue = ({ startMs, endMs, text }: Segment): string =>
  `${clockText(startMs, '.')} --> ${clockText(endMs, '.')}\n${escaped(text)}\n\n`;

export const VTT: TranscriptFormat = {
  extension: 'vtt',
  mediaType: 'text/vtt',
  write: ({ segments }) => withoutLastLine(VTT_HEAD + segments.map(vttCue).join('')),
  read: (text, file) => {
    if (!linesOf(text)[0]?.startsWith('WEBVTT')) throw unreadable(file, 1);
    return documentOf(segmentsIn(text, file, unescaped));
  },
};
