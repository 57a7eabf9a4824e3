import { describe, expect, it } from 'vitest';
import { splitForValidation } from '../../../engine/training/validationSplit';

const rows = Array.from({ length: 40 }, (_, index) => ({ id: index, speaker: `s${index % 10}` }));

describe('the split for validation', () => {
  it('never has a speaker on both sides', () => {
    const { training, validation } = splitForValidation(rows, 0.2, 1);
    const held = new Set(validation.map((row) => row.speaker));
    expect(held.size).toBe(2);
    expect(training.some((row) => held.has(row.speaker))).toBe(false);
  });
  it('loses no row', () => {
    const { training, validation } = splitForValidation(rows, 0.3, 1);
    expect([...training, ...validation].map((row) => row.id).sort((a, b) => a - b)).toEqual([...rows.keys()]);
  });
  it('is the same for the same seed', () => {
    expect(splitForValidation(rows, 0.3, 5)).toEqual(splitForValidation(rows, 0.3, 5));
  });
  it('goes by rows where no speaker is named', () => {
    const nameless = rows.map(({ id }) => ({ id, speaker: null }));
    expect(splitForValidation(nameless, 0.25, 1).validation).toHaveLength(10);
  });
  it('is what the rows themselves say, and the test is in neither', () => {
    const parted = rows.map((row) => ({ ...row, part: (['train', 'validation', 'test', null] as const)[row.id % 4]! }));
    const { training, validation } = splitForValidation(parted, 0.5, 1);
    expect(new Set(training.map((row) => row.part))).toEqual(new Set(['train', null]));
    expect(validation).toEqual(parted.filter((row) => row.part === 'validation'));
  });
  it('keeps everything for training where nothing is to be held back', () => {
    expect(splitForValidation(rows, 0, 1).training).toHaveLength(40);
  });
});
