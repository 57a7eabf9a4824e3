import { describe, expect, it } from 'vitest';
import { errorRates } from '../../../engine/metrics/errorRates';

describe('error rates', () => {
  it('sum the edits of all utterances before dividing', () => {
    const { wer } = errorRates([
      { reference: 'one', hypothesis: 'two' },
      {
        reference: 'one two three four five six seven eight nine',
        hypothesis: 'one two three four five six seven eight nine',
      },
    ]);
    expect(wer).toBeCloseTo(1 / 10, 12);
  });

  it('count spaces as characters', () => {
    expect(errorRates([{ reference: 'go no', hypothesis: 'gono' }]).cer).toBeCloseTo(1 / 5, 12);
  });

  it('count characters beyond the basic plane once', () => {
    expect(errorRates([{ reference: '𠮷𠮷', hypothesis: '𠮷' }]).cer).toBeCloseTo(1 / 2, 12);
  });

  it('count a letter and its marks as one character', () => {
    // x with a circumflex has no code point of its own.
    expect(errorRates([{ reference: 'x\u0302y', hypothesis: 'xy' }]).cer).toBeCloseTo(1 / 2, 12);
  });

  it('do not care how an accent was typed', () => {
    expect(errorRates([{ reference: 'cafe\u0301', hypothesis: 'caf\u00e9' }])).toMatchObject({ wer: 0, cer: 0 });
    expect(errorRates([{ reference: 'cafe\u0301', hypothesis: 'caf\u00e9' }]).sentencesExact).toBe(1);
  });

  it('do not care how words are parted', () => {
    expect(errorRates([{ reference: 'one two', hypothesis: ' one\ntwo ' }])).toMatchObject({
      wer: 0,
      cer: 0,
      sentencesExact: 1,
    });
  });

  it('give the share of exact sentences', () => {
    const pairs = ['one', 'two', 'three', 'four'].map((reference) => ({ reference, hypothesis: 'one' }));
    expect(errorRates(pairs).sentencesExact).toBe(0.25);
  });

  it('count words said into silence as errors', () => {
    expect(errorRates([{ reference: '', hypothesis: 'one two' }])).toMatchObject({ wer: 2, sentencesExact: 0 });
  });

  it('tell how the errors are made up', () => {
    const { words } = errorRates([{ reference: 'one two three', hypothesis: 'one too three four' }]);
    expect(words).toEqual({ substitutions: 1, insertions: 1, deletions: 0, reference: 3 });
  });
});
