// Praat's TextGrid (https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html): a tier of segments and a tier of words. Both
// the long and the short way of writing are read.
import type { Segment, TimedWord, TranscriptDocument } from './document';
import { BYTE_ORDER_MARK, oneLine, secondsText, unreadable, type TranscriptFormat } from './format';

interface Interval {
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
}
interface Tier {
  readonly name: string;
  readonly intervals: readonly Interval[];
}

const SEGMENTS = 'segments';
const WORDS = 'words';

/** A tier has no holes and nothing overlaps: what is between two intervals is one without text. */
function filled(intervals: readonly Interval[], durationMs: number): Interval[] {
  const all: Interval[] = [];
  let endMs = 0;
  for (const { startMs, endMs: wanted, text } of intervals) {
    const start = Math.max(startMs, endMs);
    if (start > endMs) all.push({ startMs: endMs, endMs: start, text: '' });
    endMs = Math.max(wanted, start + 1);
    all.push({ startMs: start, endMs, text });
  }
  if (endMs < durationMs || all.length === 0) all.push({ startMs: endMs, endMs: Math.max(durationMs, 1), text: '' });
  return all;
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function tierLines(name: string, number: number, intervals: readonly Interval[], xmax: string): string {
  const lines = intervals.map(
    ({ startMs, endMs, text }, index) =>
      `        intervals [${index + 1}]:\n            xmin = ${secondsText(startMs)}\n` +
      `            xmax = ${secondsText(endMs)}\n            text = ${quoted(text)}\n`,
  );
  return (
    `    item [${number}]:\n        class = "IntervalTier"\n        name = ${quoted(name)}\n` +
    `        xmin = 0\n        xmax = ${xmax}\n        intervals: size = ${intervals.length}\n${lines.join('')}`
  );
}

function write({ durationMs, segments }: TranscriptDocument): string {
  const words = segments.flatMap((segment) => segment.words);
  const lastMs = [...segments, ...words].reduce((most, { endMs }) => Math.max(most, endMs), Math.round(durationMs));
  const tiers = [filled(segments, lastMs), filled(words, lastMs)];
  const longest = tiers.reduce((most, tier) => Math.max(most, tier[tier.length - 1]?.endMs ?? 0), lastMs);
  const xmax = secondsText(longest);
  const [first, second] = [filled(segments, longest), filled(words, longest)];
  return (
    'File type = "ooTextFile"\nObject class = "TextGrid"\n\n' +
    `xmin = 0\nxmax = ${xmax}\ntiers? <exists>\nsize = 2\nitem []:\n` +
    tierLines(SEGMENTS, 1, first, xmax) +
    tierLines(WORDS, 2, second, xmax)
  );
}

type Token = { readonly value: string | number; readonly line: number };

/** What Praat reads of a file: texts in quotes, numbers that stand alone, and flags; all else is for people. */
function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  let counted = 0;
  for (const found of text.matchAll(/"((?:[^"]|"")*)"|<(?:exists|absent)>|(?<=^|\s)-?\d+(?:\.\d+)?(?=\s|$)/g)) {
    line += (text.slice(counted, found.index).match(/\n/g) ?? []).length;
    counted = found.index;
    const [whole, inQuotes] = found;
    const isFlag = whole.startsWith('<');
    tokens.push({ value: inQuotes?.replaceAll('""', '"') ?? (isFlag ? whole : Number(whole)), line });
  }
  return tokens;
}

/** Takes one token after the other, and says where one is not what it must be. */
class Reader {
  readonly #tokens: readonly Token[];
  readonly #file: string;
  #at = 0;

  constructor(text: string, file: string) {
    this.#tokens = tokensOf(text);
    this.#file = file;
  }

  text(): string {
    const { value } = this.#next();
    return typeof value === 'string' ? value : this.fail();
  }
  number(): number {
    const { value } = this.#next();
    return typeof value === 'number' ? value : this.fail();
  }
  fail(): never {
    throw unreadable(this.#file, this.#tokens[Math.max(0, this.#at - 1)]?.line ?? 1);
  }
  #next(): Token {
    return this.#tokens[this.#at++] ?? this.fail();
  }
}

function tierOf(reader: Reader): Tier {
  const kind = reader.text();
  const name = reader.text();
  reader.number();
  reader.number();
  const intervals: Interval[] = [];
  for (let left = reader.number(); left > 0; left--) {
    const startMs = Math.round(reader.number() * 1000);
    // A point has a time and a text alone.
    const endMs = kind === 'IntervalTier' ? Math.round(reader.number() * 1000) : startMs;
    intervals.push({ startMs, endMs, text: reader.text() });
  }
  return { name, intervals: kind === 'IntervalTier' ? intervals.filter(({ text }) => text.trim() !== '') : [] };
}

function read(text: string, file: string): TranscriptDocument {
  const reader = new Reader(text.replace(BYTE_ORDER_MARK, '').replace(/\r\n?/g, '\n'), file);
  if (reader.text() !== 'ooTextFile' || reader.text() !== 'TextGrid') reader.fail();
  reader.number();
  const durationMs = Math.round(reader.number() * 1000);
  if (reader.text() !== '<exists>') return { title: '', durationMs, segments: [] };
  const tiers: Tier[] = [];
  for (let left = reader.number(); left > 0; left--) tiers.push(tierOf(reader));
  const lines = tiers.find(({ name }) => name === SEGMENTS) ?? tiers.find(({ intervals }) => intervals.length > 0);
  const words = tiers.find(({ name }) => name === WORDS);
  const segments = (lines?.intervals ?? []).map((interval): Segment => {
    const inside = words === lines ? [] : (words?.intervals ?? []).filter((word) => isInside(word, interval));
    return { ...interval, text: oneLine(interval.text), words: inside.map(wordFrom) };
  });
  return { title: '', durationMs, segments };
}

const isInside = (word: Interval, { startMs, endMs }: Interval): boolean => {
  const middle = (word.startMs + word.endMs) / 2;
  return middle >= startMs && middle < endMs;
};
const wordFrom = ({ startMs, endMs, text }: Interval): TimedWord => ({ startMs, endMs, text, confidence: null });

export const TEXT_GRID: TranscriptFormat = { extension: 'TextGrid', mediaType: 'text/plain', write, read };
