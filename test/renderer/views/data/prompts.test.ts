import { expect, test } from 'vitest';
import { linesOf, promptsOf, repeated } from '../../../../renderer/views/data/prompts';
import { withPromptDone, withSkippedOpen, type PromptList } from '../../../../renderer/views/data/promptList';

const sorted = (texts: readonly string[]): string[] => [...texts].sort();

test('each prompt comes as often as asked, in an order that the seed alone decides', () => {
  const prompts = ['one', 'two', 'three', 'four', 'five'];
  const list = repeated(prompts, 3, 7);
  expect(sorted(list)).toEqual(sorted([...prompts, ...prompts, ...prompts]));
  expect(repeated(prompts, 3, 7)).toEqual(list);
  expect(repeated(prompts, 3, 8)).not.toEqual(list);
});

test('every round is whole before the next begins', () => {
  const list = repeated(['a', 'b', 'c'], 2, 3);
  expect(sorted(list.slice(0, 3))).toEqual(['a', 'b', 'c']);
});

test('without a seed the order is the one that was typed', () => {
  expect(repeated(['a', 'b'], 2, null)).toEqual(['a', 'b', 'a', 'b']);
});

test('strings of digits hold every digit equally often, in both languages', () => {
  for (const language of ['en', 'zh'] as const) {
    const strings = promptsOf('digitStrings', language, 5);
    const counts = new Map<string, number>();
    for (const digit of strings.flatMap((each) => each.split(' '))) counts.set(digit, (counts.get(digit) ?? 0) + 1);
    expect([...counts.values()]).toEqual(Array.from({ length: 10 }, () => 4));
  }
});

test('a text gives a prompt for every line, a long line one for every sentence', () => {
  expect(linesOf('  left\r\n\r\nright   now \n')).toEqual(['left', 'right now']);
  const long = 'This is a sentence. '.repeat(80);
  expect(linesOf(long)).toHaveLength(80);
});

test('accents are composed, so that the same letter is always the same symbol', () => {
  expect(linesOf('cafe\u0301')).toEqual(['caf\u00e9']);
});

const list: PromptList = {
  setId: 'one',
  speaker: 'A',
  items: [
    { prompt: 'a', state: 'skipped' },
    { prompt: 'b', state: 'open' },
    { prompt: 'c', state: 'kept' },
    { prompt: 'd', state: 'open' },
  ],
  at: 1,
};

test('after a prompt comes the next open one', () => {
  const next = withPromptDone(list, 'kept');
  expect(next.at).toBe(3);
  expect(next.items[1]?.state).toBe('kept');
  expect(withPromptDone(next, 'skipped').at).toBe(4);
});

test('skipped prompts come back in their order', () => {
  const again = withSkippedOpen(withPromptDone(withPromptDone(list, 'skipped'), 'kept'));
  expect(again.at).toBe(0);
  expect(again.items.map(({ state }) => state)).toEqual(['open', 'open', 'kept', 'kept']);
});
