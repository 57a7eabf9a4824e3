import { describe, expect, it } from 'vitest';
import { scoresByLabel, sequenceAccuracy, stepAccuracy } from '../../../engine/metrics/labelScores';

const pairs = [
  { reference: ['a', 'b', 'b'], hypothesis: ['a', 'b', 'b'] },
  { reference: ['a', 'a'], hypothesis: ['a', 'b'] },
];

describe('label scores', () => {
  it('count whole sequences and single steps apart', () => {
    expect(sequenceAccuracy(pairs)).toBe(1 / 2);
    expect(stepAccuracy(pairs)).toBe(4 / 5);
  });

  it('tell of each label how often it is found and how often it is meant', () => {
    expect(scoresByLabel(pairs)).toEqual([
      { label: 'a', count: 3, precision: 1, recall: 2 / 3, f1: 4 / 5 },
      { label: 'b', count: 2, precision: 2 / 3, recall: 1, f1: 4 / 5 },
    ]);
  });

  it('have a label that is only ever guessed, or never', () => {
    expect(scoresByLabel([{ reference: ['a', 'b'], hypothesis: ['c', 'c'] }])).toEqual([
      { label: 'a', count: 1, precision: 0, recall: 0, f1: 0 },
      { label: 'b', count: 1, precision: 0, recall: 0, f1: 0 },
      { label: 'c', count: 0, precision: 0, recall: 0, f1: 0 },
    ]);
  });
});
