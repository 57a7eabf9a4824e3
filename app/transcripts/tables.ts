// Formats with a line for each segment: plain text, tables parted by tabs or commas, and the labels of Audacity.
import type { Segment } from './document';
import {
  CLOCK,
  clockText,
  documentOf,
  linesOf,
  millisecondsOf,
  millisecondsOfClock,
  oneLine,
  secondsText,
  unreadable,
  type TranscriptFormat,
} from './format';

/** Text alone, a line for each segment. */
export const plainLines = (segments: readonly Segment[]): string => segments.map(({ text }) => `${text}\n`).join('');

const TIMED_LINE = new RegExp(`^\\[${CLOCK} - ${CLOCK}\\] (.*)$`);

export const TXT: TranscriptFormat = {
  extension: 'txt',
  mediaType: 'text/plain',
  write: ({ segments }) =>
    segments
      .map(({ startMs, endMs, text }) => `[${clockText(startMs, '.')} - ${clockText(endMs, '.')}] ${text}\n`)
      .join(''),
  read: (text, file) =>
    documentOf(
      everyLine(text, file, (line) => {
        const found = TIMED_LINE.exec(line);
        if (found === null) return null;
        const [startMs, endMs] = [millisecondsOfClock(found.slice(1, 5)), millisecondsOfClock(found.slice(5, 9))];
        return { startMs, endMs, text: found[9] ?? '', words: [] };
      }),
    ),
};

/** As Whisper writes it: whole milliseconds. */
export const TSV: TranscriptFormat = {
  extension: 'tsv',
  mediaType: 'text/tab-separated-values',
  write: ({ segments }) =>
    `start\tend\ttext\n${segments.map(({ startMs, endMs, text }) => `${startMs}\t${endMs}\t${text}\n`).join('')}`,
  read: (text, file) => {
    const [head = '', ...rest] = linesOf(text);
    if (head !== 'start\tend\ttext') throw unreadable(file, 1);
    return documentOf(everyLine(rest.join('\n'), file, (line) => rowOf(line.split('\t')), 2));
  },
};

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** RFC 4180, with whole milliseconds. */
export const CSV: TranscriptFormat = {
  extension: 'csv',
  mediaType: 'text/csv',
  write: ({ segments }) =>
    `start_ms,end_ms,text\n${segments
      .map(({ startMs, endMs, text }) => `${startMs},${endMs},${quoted(text)}\n`)
      .join('')}`,
  read: (text, file) => {
    const [head, ...rows] = cellsOf(linesOf(text).join('\n'));
    if (head?.cells.join(',') !== 'start_ms,end_ms,text') throw unreadable(file, 1);
    const segments = rows.map(({ cells, line }) => {
      const segment = rowOf(cells);
      if (segment === null) throw unreadable(file, line);
      return segment;
    });
    return documentOf(segments);
  },
};

/** https://manual.audacityteam.org/man/importing_and_exporting_labels.html: seconds, without a head. */
export const AUDACITY: TranscriptFormat = {
  extension: 'labels.txt',
  mediaType: 'text/plain',
  write: ({ segments }) =>
    segments.map(({ startMs, endMs, text }) => `${secondsText(startMs)}\t${secondsText(endMs)}\t${text}\n`).join(''),
  read: (text, file) => {
    // A label with a range of frequencies has a second line that begins with a backslash.
    const lines = linesOf(text).map((line) => (line.startsWith('\\\t') ? '' : line));
    return documentOf(
      everyLine(lines.join('\n'), file, (line) => {
        const [start, end, ...label] = line.split('\t');
        const [startMs, endMs] = [millisecondsOf(start), millisecondsOf(end)];
        if (startMs === null || endMs === null) return null;
        return { startMs, endMs, text: oneLine(label.join(' ')), words: [] };
      }),
    );
  },
};

/** Every line that is not empty, read; those without a text are left out. */
function everyLine(text: string, file: string, read: (line: string) => Segment | null, firstLine = 1): Segment[] {
  return linesOf(text).flatMap((line, index) => {
    if (line.trim() === '') return [];
    const segment = read(line);
    if (segment === null) throw unreadable(file, index + firstLine);
    return segment.text === '' ? [] : [segment];
  });
}

function rowOf([start = '', end = '', ...rest]: readonly string[]): Segment | null {
  if (!/^\d+$/.test(start) || !/^\d+$/.test(end) || rest.length !== 1) return null;
  return { startMs: Number(start), endMs: Number(end), text: rest[0] ?? '', words: [] };
}

/** The rows of a table parted by commas, each with the line it begins in; empty rows are left out. */
function cellsOf(text: string): { readonly cells: readonly string[]; readonly line: number }[] {
  const rows: { cells: string[]; line: number }[] = [];
  let line = 1;
  let row: { cells: string[]; line: number } = { cells: [], line };
  for (const [whole, inQuotes, bare = '', end] of `${text}\n`.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    row.cells.push(inQuotes === undefined ? bare : inQuotes.replaceAll('""', '"'));
    line += (whole.match(/\n/g) ?? []).length;
    if (end === ',') continue;
    if (row.cells.some((cell) => cell !== '')) rows.push(row);
    row = { cells: [], line };
  }
  return rows;
}
