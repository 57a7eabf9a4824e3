import { expect, test } from 'vitest';
import { plainText, transcriptText, type Word } from '../../../app/contract/recognition';

const word = (text: string, isKnown = true): Word => ({
  text,
  isKnown,
  startMs: 0,
  endMs: 100,
  confidence: 0.9,
  characters: [],
});
const line = (...words: Word[]): { words: Word[] } => ({ words });

test('known words are one line of text for each line that was spoken', () => {
  expect(plainText([line(word('one'), word('two')), line(word('three'))])).toBe('one two\nthree');
});

test('speech without a word is a gap, and gaps that follow each other are one', () => {
  expect(plainText([line(word('one'), word(''), word('n', false), word('two'))])).toBe('one … two');
});

test('where not one known word was heard there is no text', () => {
  expect(plainText([line(word('')), line(word('y', false))])).toBe('');
  expect(plainText([])).toBe('');
});

test('what is compared with a reference are the known words alone: a gap there would be one word more', () => {
  expect(transcriptText([line(word('one'), word(''), word('n', false), word('two')), line(word('y', false))])).toBe(
    'one two',
  );
});
