import { describe, expect, test } from 'vitest';
import {
  confusionTableSchema,
  MAX_CELL_PLACES,
  MAX_CONFUSED,
  sideOf,
  type ConfusionTable,
} from '../../../app/contract/confusions';
import { ConfusionCounts, type ReadItem } from '../../../engine/metrics/confusions';

/** Each item lies in 100 ms of its own, 1 s after the one before. */
const readOf = (text: string): ReadItem[] =>
  [...text].map((item, k) => ({ text: item, startMs: 1000 * k + 500, endMs: 1000 * k + 600 }));
const clip = (said: string, read: string, scores: Record<string, number> = {}) => ({
  ...{ said: [...said], read: readOf(read), durationMs: 5000 },
  scores: new Map(Object.entries(scores)),
});
const rowsOf = (table: ConfusionTable): number[][] => {
  const side = sideOf(table);
  return Array.from({ length: side }, (_, row) => [...table.counts.subarray(row * side, (row + 1) * side)]);
};
const placesOf = ({ places }: ConfusionTable): number[][] =>
  Array.from({ length: places.length / 4 }, (_, k) => [...places.subarray(4 * k, 4 * k + 4)]);

describe('confusions', () => {
  test('are the steps of each alignment, counted', () => {
    const counts = new ConfusionCounts();
    counts.add(clip('abc', 'abc'));
    counts.add(clip('abc', 'adc')); // b read as d
    counts.add(clip('abc', 'ac')); // b left out
    counts.add(clip('ab', 'aab')); // a put in
    const table = counts.table('peak');
    expect(table.items).toEqual(['a', 'b', 'c', 'd']);
    expect(rowsOf(table)).toEqual([
      [4, 0, 0, 0, 0],
      [0, 2, 0, 1, 1],
      [0, 0, 3, 0, 0],
      [0, 0, 0, 0, 0],
      [1, 0, 0, 0, 0],
    ]);
    expect(confusionTableSchema.parse(table)).toEqual(table);
  });

  test('have their places: of what was left out between what was read around it', () => {
    const counts = new ConfusionCounts();
    counts.add(clip('abc', 'adc'));
    counts.add(clip('abc', 'ac'));
    counts.add(clip('ba', 'a'));
    counts.add(clip('ab', 'a'));
    const table = counts.table('peak');
    const side = sideOf(table);
    const at = (said: number, read: number): number[][] =>
      placesOf(table)
        .filter(([cell]) => cell === said * side + read)
        .map(([, ...place]) => place);
    expect(at(1, 3)).toEqual([[0, 1500, 1600]]);
    expect(at(1, side - 1)).toEqual([
      [1, 600, 1500],
      [2, 0, 500],
      [3, 600, 5000],
    ]);
  });

  test('stand in the order that is given, and what it does not name behind', () => {
    const counts = new ConfusionCounts();
    counts.add(clip('azb', 'azb'));
    expect(counts.table('peak', ['z', 'b']).items).toEqual(['z', 'b', 'a']);
  });

  test('of many items keep those that are confused most, and all others together', () => {
    const counts = new ConfusionCounts();
    const items = Array.from({ length: MAX_CONFUSED + 5 }, (_, k) => `w${String(k).padStart(2, '0')}`);
    const read = items.map((text, k) => ({ text, startMs: k, endMs: k + 1 }));
    counts.add({ said: items, read, durationMs: 100, scores: new Map() });
    counts.add({ said: ['w64'], read: [{ text: 'w63', startMs: 0, endMs: 1 }], durationMs: 1, scores: new Map() });
    const table = counts.table('confidence');
    const side = sideOf(table);
    expect(table.items.slice(0, 3)).toEqual(['w63', 'w64', 'w00']);
    expect([table.items.length, table.distinct, side]).toEqual([MAX_CONFUSED, MAX_CONFUSED + 5, MAX_CONFUSED + 2]);
    expect(table.counts[1 * side + 0]).toBe(1);
    expect(table.counts[MAX_CONFUSED * side + MAX_CONFUSED]).toBe(5);
    expect(confusionTableSchema.safeParse(table).success).toBe(true);
  });

  test('name the first places of a cell alone, and count all', () => {
    const counts = new ConfusionCounts();
    for (let k = 0; k < MAX_CELL_PLACES + 10; k++) counts.add(clip('a', 'a'));
    const table = counts.table('peak');
    expect([table.counts[0], placesOf(table).length]).toEqual([MAX_CELL_PLACES + 10, MAX_CELL_PLACES]);
  });

  test('have what each item scores in each clip, and whether it was said there', () => {
    const counts = new ConfusionCounts();
    counts.add(clip('a', 'a', { a: 0.75, b: 0.25 }));
    counts.add(clip('b', 'b', { b: 0.5 }));
    const { scores, isThere, scoredBy } = counts.table('peak');
    expect([...scores]).toEqual([0.75, 0, 0.25, 0.5]);
    expect([...isThere]).toEqual([1, 0, 0, 1]);
    expect(scoredBy).toBe('peak');
  });
});
