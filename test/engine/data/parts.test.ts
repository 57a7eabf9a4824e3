import { describe, expect, it } from 'vitest';
import { partsOf } from '../../../engine/data/parts';

const shares = { seed: 1, validation: 0.1, test: 0.2 };
const rows = Array.from({ length: 60 }, (_, index) => ({ path: `/${index}.wav`, speaker: `s${index % 20}` }));
const setsOf = (names: readonly (string | null)[], parts: readonly string[]) =>
  ['train', 'validation', 'test'].map((part) => new Set(names.filter((_, index) => parts[index] === part)));

describe('the parts of a data set', () => {
  it('never share a speaker', () => {
    const { parts, split } = partsOf(rows, shares);
    const [train, validation, test] = setsOf(
      rows.map(({ speaker }) => speaker),
      parts,
    );
    expect([train?.size, validation?.size, test?.size]).toEqual([14, 2, 4]);
    expect(new Set([...train!, ...validation!, ...test!]).size).toBe(20);
    expect(split).toEqual({ ...shares, by: 'speaker' });
  });

  it('follow from the seed and the speakers, not from the order of the rows', () => {
    const { parts } = partsOf(rows, shares);
    expect(partsOf(rows.toReversed(), shares).parts.toReversed()).toEqual(parts);
    expect(partsOf(rows, { ...shares, seed: 2 }).parts).not.toEqual(parts);
  });

  it('keep who is not known for training', () => {
    const mixed = [...rows, { path: '/x.wav', speaker: null }];
    expect(partsOf(mixed, { ...shares, validation: 0.5, test: 0.5 }).parts.at(-1)).toBe('train');
  });

  it('leave somebody to learn from', () => {
    const two = rows.filter(({ speaker }) => speaker === 's1' || speaker === 's2');
    const { parts } = partsOf(two, { ...shares, validation: 0.5, test: 0.5 });
    expect(new Set(parts)).toEqual(new Set(['train', 'validation']));
  });

  it('go by recordings where fewer than two speakers are known, the segments of one together', () => {
    const single = Array.from({ length: 40 }, (_, index) => ({ path: `/${index >> 1}.wav`, speaker: 'anna' }));
    const { parts, split } = partsOf(single, shares);
    const sets = setsOf(
      single.map(({ path }) => path),
      parts,
    );
    expect(sets.map((set) => set.size)).toEqual([14, 2, 4]);
    expect(split.by).toBe('recording');
  });

  it('are all for training where no share is asked for', () => {
    expect(new Set(partsOf(rows, { seed: 1, validation: 0, test: 0 }).parts)).toEqual(new Set(['train']));
  });
});
