// The text of one recording as it grows: settled lines and a tail that may still change.
import { isSure, type Recognised, type SettledAnew, type Word } from '../../../app/contract/recognition';
import { wordsInFigures } from '../../../app/transcripts/figures';

export interface TextLine {
  /** Of its first settled word: what the line is known by. */
  readonly startMs: number;
  readonly words: readonly Word[];
  /** What had settled, where another reading of the whole line took the place of that. */
  readonly live?: readonly Word[];
}

export interface LiveText {
  readonly lines: readonly TextLine[];
  readonly tail: readonly Word[];
  /** Settled text reaches this far; what a restarted engine says again about earlier sound is known already. */
  readonly settledMs: number;
}

export const NO_TEXT: LiveText = { lines: [], tail: [], settledMs: 0 };

/** The text after one step of recognition. Lines that did not change are the same objects. */
export function withRecognised(text: LiveText, { settled, tail }: Pick<Recognised, 'settled' | 'tail'>): LiveText {
  const lines = [...text.lines];
  let { settledMs } = text;
  for (const { startsLine, word } of settled) {
    if (word.endMs <= settledMs) continue;
    settledMs = word.endMs;
    const last = lines[lines.length - 1];
    if (startsLine || !last) lines.push({ startMs: word.startMs, words: [word] });
    else lines[lines.length - 1] = { ...last, words: [...last.words, word] };
  }
  return { lines, tail: tail.filter((word) => word.endMs > settledMs), settledMs };
}

/** The text with a line as it was read when it had ended. */
export const withSettledAnew = (
  text: LiveText,
  { lineStartMs, words }: Pick<SettledAnew, 'lineStartMs' | 'words'>,
): LiveText => ({
  ...text,
  lines: text.lines.map((line) =>
    line.startMs === lineStartMs ? { ...line, words, live: line.live ?? line.words } : line,
  ),
});

/** The text with a line as it had settled. */
export const withGivenBack = (text: LiveText, lineStartMs: number): LiveText => ({
  ...text,
  lines: text.lines.map((line) => (line.startMs === lineStartMs ? asSettled(line) : line)),
});

/** The line as it had settled: what has been handed on, to a file for instance, is not taken back. */
export const asSettled = (line: TextLine): TextLine =>
  line.live === undefined ? line : { startMs: line.startMs, words: line.live };

/** The text with its number words as figures. */
export const textInFigures = (text: LiveText): LiveText => ({
  ...text,
  lines: text.lines.map(({ startMs, words, live }) => ({
    startMs,
    words: wordsInFigures(words),
    ...(live === undefined ? {} : { live: wordsInFigures(live) }),
  })),
  tail: wordsInFigures(text.tail),
});

/** Whether speech was heard that the model has no word for. */
export const hasUnsureWords = (text: LiveText): boolean =>
  text.lines.some((line) => line.words.some((word) => !isSure(word)));

/** Where one line gave way to the next after `fromMs`, in the middle of the pause between them, the newest first. */
export function lineEndsAfter({ lines }: Pick<LiveText, 'lines'>, fromMs: number): number[] {
  const ends: number[] = [];
  for (let l = lines.length - 2; l >= 0; l--) {
    const [line, next] = [lines[l], lines[l + 1]];
    if (line === undefined || next === undefined) continue;
    // Read anew, a line may have no word left.
    const end = ((line.words.at(-1)?.endMs ?? line.startMs) + next.startMs) / 2;
    if (end <= fromMs) break;
    ends.push(end);
  }
  return ends;
}

/** All words, settled and not, that end after `fromMs`, oldest first. */
export function wordsAfter(text: LiveText, fromMs: number): { readonly word: Word; readonly isTail: boolean }[] {
  const found = text.tail.map((word) => ({ word, isTail: true }));
  for (let l = text.lines.length - 1; l >= 0; l--) {
    const words = text.lines[l]?.words ?? [];
    for (let w = words.length - 1; w >= 0; w--) {
      const word = words[w];
      if (!word || word.endMs <= fromMs) return found;
      found.unshift({ word, isTail: false });
    }
  }
  return found;
}
