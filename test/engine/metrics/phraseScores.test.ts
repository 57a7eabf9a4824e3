import { expect, it } from 'vitest';
import { phraseScores } from '../../../engine/metrics/phraseScores';

const first = { reference: ['a', 'b', 'b'], written: ['a', 'c'], ranked: ['a', 'c', 'b', 'd', 'e', 'f'] };
const second = { reference: ['x'], written: [], ranked: ['y'] };

it('exact matches are counted over all documents together, each phrase once', () => {
  // 3 phrases to find, 2 written, 1 right.
  expect(phraseScores([first, second], 5)).toMatchObject({ precision: 1 / 2, recall: 1 / 3, f1: 2 / 5, phrases: 3 });
});
it('the first k are counted for each document, and fewer than k cost', () => {
  expect(phraseScores([first, second], 5).precisionAtK).toBeCloseTo((2 / 5 + 0) / 2);
  expect(phraseScores([first], 2).precisionAtK).toBe(1 / 2);
  expect(phraseScores([{ reference: ['a', 'b', 'c'], written: [], ranked: ['a', 'x', 'b'] }], 2).recallAtK).toBe(1 / 3);
});
it('nothing to find and nothing written is right', () => {
  expect(phraseScores([{ reference: [], written: [], ranked: [] }], 5).f1).toBe(1);
});
