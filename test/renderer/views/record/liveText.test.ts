import { describe, expect, test } from 'vitest';
import {
  NO_TEXT,
  asSettled,
  hasUnsureWords,
  lineEndsAfter,
  withGivenBack,
  withRecognised,
  withSettledAnew,
  wordsAfter,
} from '../../../../renderer/views/record/liveText';
import { scripted } from '../../support/scriptedEngine';

const one = scripted('one', 100, 400);
const two = scripted('two', 600, 900);
const unknown = scripted('', 1_000, 1_400);
const settled = (word: typeof one, startsLine = false) => ({ startsLine, word });
const textOf = (...steps: Parameters<typeof withRecognised>[1][]) => steps.reduce(withRecognised, NO_TEXT);

describe('live text', () => {
  test('replaces the tail by the tail of the next step', () => {
    const text = textOf({ settled: [], tail: [scripted('on', 100, 300)] }, { settled: [], tail: [one] });
    expect(text.tail).toEqual([one]);
  });

  test('settles words in their line, and begins a line where one is said to begin', () => {
    const text = textOf({ settled: [settled(one, true)], tail: [] }, { settled: [settled(two, true)], tail: [] });
    expect(text.lines).toEqual([
      { startMs: 100, words: [one] },
      { startMs: 600, words: [two] },
    ]);
  });

  test('leaves a line that did not change the very same', () => {
    const before = textOf({ settled: [settled(one, true)], tail: [] });
    const after = withRecognised(before, { settled: [settled(two, true)], tail: [] });
    expect(after.lines[0]).toBe(before.lines[0]);
  });

  test('hears words once that a restarted engine says again', () => {
    const again = { settled: [settled(one, true), settled(two)], tail: [] };
    expect(textOf(again, again).lines).toEqual([{ startMs: 100, words: [one, two] }]);
  });

  test('shows no tail where the text has settled already', () => {
    expect(textOf({ settled: [settled(two, true)], tail: [] }, { settled: [], tail: [one] }).tail).toEqual([]);
  });

  test('knows that speech was heard for which there is no word', () => {
    expect(hasUnsureWords(textOf({ settled: [settled(one, true)], tail: [] }))).toBe(false);
    expect(hasUnsureWords(textOf({ settled: [settled(unknown, true)], tail: [] }))).toBe(true);
  });

  test('tells where one line gave way to the next', () => {
    const text = textOf({ settled: [settled(one, true)], tail: [] }, { settled: [settled(two, true)], tail: [] });
    expect(lineEndsAfter(text, 0)).toEqual([500]);
    expect(lineEndsAfter(text, 600)).toEqual([]);
    expect(lineEndsAfter({ lines: text.lines.slice(0, 1) }, 0)).toEqual([]);
    expect(lineEndsAfter(withSettledAnew(text, { lineStartMs: 100, words: [] }), 0)).toEqual([350]);
  });

  test('finds the words after a time, the tail last', () => {
    const text = textOf({ settled: [settled(one, true), settled(two)], tail: [unknown] });
    expect(wordsAfter(text, 500)).toEqual([
      { word: two, isTail: false },
      { word: unknown, isTail: true },
    ]);
  });
});

describe('a line that is read anew', () => {
  const before = textOf({ settled: [settled(one, true), settled(two, true)], tail: [] });
  const six = scripted('six', 110, 410);
  const anew = withSettledAnew(before, { lineStartMs: 100, words: [six] });

  test('has what was read, and what had settled beside it; the others are the very same', () => {
    expect(anew.lines[0]).toEqual({ startMs: 100, words: [six], live: [one] });
    expect(anew.lines[1]).toBe(before.lines[1]);
  });

  test('goes back to what had settled', () => {
    expect(withGivenBack(anew, 100)).toEqual(before);
    expect(anew.lines.map(asSettled)).toEqual(before.lines);
  });

  test('is known by its first settled word when it is read once more, and keeps what had settled first', () => {
    const nine = scripted('nine', 90, 400);
    expect(withSettledAnew(anew, { lineStartMs: 100, words: [nine] }).lines[0]?.live).toEqual([one]);
  });

  test('that the text does not have changes nothing', () => {
    expect(withSettledAnew(before, { lineStartMs: 7, words: [six] })).toEqual(before);
  });
});
