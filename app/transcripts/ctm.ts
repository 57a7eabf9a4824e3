// NIST's conversation time marks: a line for each word, with its recording, channel, start, length and confidence, in seconds. The
// lines of our own text stand among them as comments, which other tools leave out.
import type { Segment, TimedWord } from './document';
import { documentOf, linesOf, millisecondsOf, secondsText, unreadable, type TranscriptFormat } from './format';

const SEGMENT = /^;; segment (\d+(?:\.\d+)?) (\d+(?:\.\d+)?)$/;
/** A pause that begins a new segment, in a file that says nothing of segments. */
const PAUSE_MS = 1_000;

/** A name that is one word: the field is parted by spaces. */
const nameOf = (title: string): string => title.trim().replace(/\s+/g, '_') || 'recording';

function lineOf(name: string, { startMs, endMs, text, confidence }: TimedWord): string {
  const score = confidence === null ? '' : ` ${Number(confidence.toFixed(4))}`;
  return `${name} 1 ${secondsText(startMs)} ${secondsText(endMs - startMs)} ${text}${score}\n`;
}

export const CTM: TranscriptFormat = {
  extension: 'ctm',
  mediaType: 'text/plain',
  write: ({ title, segments }) =>
    segments
      .map(({ startMs, endMs, words }) => {
        const lines = words.map((word) => lineOf(nameOf(title), word)).join('');
        return `;; segment ${secondsText(startMs)} ${secondsText(endMs)}\n${lines}`;
      })
      .join(''),
  read: (text, file) => {
    const segments: Segment[] = [];
    let words: TimedWord[] = [];
    let span: readonly [number, number] | null = null;
    const close = (): void => {
      const [first, last] = [words[0], words[words.length - 1]];
      if (first && last) {
        const [startMs, endMs] = span ?? [first.startMs, last.endMs];
        segments.push({ startMs, endMs, text: words.map((word) => word.text).join(' '), words });
      }
      words = [];
    };
    for (const [index, line] of linesOf(text).entries()) {
      const said = SEGMENT.exec(line);
      if (said !== null) {
        close();
        span = [millisecondsOf(said[1]) ?? 0, millisecondsOf(said[2]) ?? 0];
      } else if (line.trim() !== '' && !line.startsWith(';;')) {
        const word = wordOf(line);
        if (word === null) throw unreadable(file, index + 1);
        const last = words[words.length - 1];
        if (span === null && last && word.startMs - last.endMs > PAUSE_MS) close();
        words.push(word);
      }
    }
    close();
    return documentOf(segments);
  },
};

function wordOf(line: string): TimedWord | null {
  const [, , start, length, text = '', score] = line.trim().split(/\s+/);
  const [startMs, lengthMs] = [millisecondsOf(start), millisecondsOf(length)];
  if (startMs === null || lengthMs === null || text === '') return null;
  const confidence = score === undefined ? null : Number(score);
  if (confidence !== null && !(confidence >= 0 && confidence <= 1)) return null;
  return { startMs, endMs: startMs + lengthMs, text, confidence };
}
