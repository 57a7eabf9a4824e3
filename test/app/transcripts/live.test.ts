import { expect, test } from 'vitest';
import type { Word } from '../../../app/contract/recognition';
import type { LiveFormat } from '../../../app/contract/liveFile';
import { readTranscript } from '../../../app/transcripts/formats';
import { LiveTranscript, type SettledLine } from '../../../app/transcripts/live';

const word = (text: string, startMs: number, isKnown = true): Word => ({
  text,
  startMs,
  endMs: startMs + 400,
  confidence: 0.9,
  isKnown,
  characters: [],
});
const LINES: readonly SettledLine[] = [
  { words: [word('你好', 100), word('"quoted"', 600), word('', 1_100, false), word('<b>', 1_600)] },
  { words: [word('', 3_000, false)] },
  { words: Array.from({ length: 20 }, (_, at) => word(`word${at}`, 5_000 + 500 * at)) },
];

/** What a file holds after each word that settles, and at the end. */
function written(format: LiveFormat, lines = LINES): string[] {
  const live = new LiveTranscript(format);
  const states = [live.head];
  const add = (text: string): void => void states.push((states.at(-1) ?? '') + text);
  const soFar: SettledLine[] = [];
  for (const { words } of lines) {
    soFar.push({ words: [] });
    for (let count = 1; count <= words.length; count++) {
      soFar[soFar.length - 1] = { words: words.slice(0, count) };
      add(live.take(soFar, false));
    }
  }
  add(live.take(soFar, true));
  return states;
}

test('text has every sure word as soon as it has settled, a line for a line', () => {
  const states = written('txt');
  expect(states[1]).toBe('你好');
  expect(states[2]).toBe('你好 "quoted"');
  expect(states[4]).toBe('你好 "quoted" <b>');
  expect(states.at(-1)).toBe(`你好 "quoted" <b>\n${LINES[2]?.words.map(({ text }) => text).join(' ') ?? ''}\n`);
});

test.each(['srt', 'vtt'] as const)('%s is whole at every moment, and has every sure word once at its end', (format) => {
  const states = written(format);
  for (const state of states) {
    const { segments } = readTranscript(state, `live.${format}`);
    const seconds = segments.map(({ startMs, endMs }) => (endMs - startMs) / 1000);
    expect(Math.max(0, ...seconds)).toBeLessThanOrEqual(6);
  }
  const words = readTranscript(states.at(-1) ?? '', `live.${format}`).segments.flatMap(({ text }) => text.split(' '));
  expect(words).toEqual(['你好', '"quoted"', '<b>', ...(LINES[2]?.words.map(({ text }) => text) ?? [])]);
});

test('a long line is written before it ends', () => {
  const [, , last] = LINES;
  const states = written('srt', last ? [last] : []);
  expect(states.at(-3)).toContain('word0');
});

test.each(['txt', 'srt', 'vtt'] as const)('%s of nothing holds nothing but its head', (format) => {
  expect(written(format, []).at(-1)).toBe(format === 'vtt' ? 'WEBVTT\n\n' : '');
});
