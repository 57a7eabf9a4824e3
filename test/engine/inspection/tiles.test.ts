// Parts of long matrices at coarser scales, and orders of their columns.
import { describe, expect, test } from 'vitest';
import { clusterOrder } from '../../../engine/inspection/clusterOrder';
import { soundSignal } from '../../../engine/inspection/soundSignals';
import { tileOf, type RowSource } from '../../../engine/inspection/tiles';
import { bySimilarity, correlations } from '../../../engine/inspection/unitOrder';

/** Value 10·row + unit. */
const counting = (rows: number, width: number): RowSource => ({
  rows,
  width,
  read: async (first, count) =>
    Float32Array.from(
      { length: Math.max(0, Math.min(count, rows - first)) * width },
      (_, k) => 10 * (first + Math.floor(k / width)) + (k % width),
    ),
});
const of = (values: readonly number[][]): RowSource => ({
  rows: values.length,
  width: values[0]!.length,
  read: async (first, count) => Float32Array.from(values.slice(first, first + count).flat()),
});

describe('a tile', () => {
  test.each([
    ['mean', [5, 6, 25, 26, 40, 41]],
    ['min', [0, 1, 20, 21, 40, 41]],
    ['max', [10, 11, 30, 31, 40, 41]],
  ] as const)('makes a column of several rows, fewer at the end: %s', async (reduce, expected) => {
    const tile = await tileOf(counting(5, 2), { first: 0, columns: 9, rowsPerColumn: 2, reduce });
    expect({ ...tile, values: [...tile.values] }).toEqual({ columns: 3, width: 2, values: expected });
  });
  test('of a wide matrix has fewer columns, and of rows past the end none', async () => {
    const wide = await tileOf(counting(600, 2048), { first: 0, columns: 1024, rowsPerColumn: 1, reduce: 'mean' });
    expect([wide.columns, wide.values.length]).toEqual([512, 1 << 20]);
    const past = await tileOf(counting(5, 2), { first: 5, columns: 4, rowsPerColumn: 1, reduce: 'max' });
    expect([past.columns, past.values.length]).toEqual([0, 0]);
  });
});

describe('the order by similarity', () => {
  test('puts units side by side that do the same', async () => {
    const rows = Array.from({ length: 50 }, (_, t) => {
      const [a, b, c] = [Math.sin(t), Math.sin(2.3 * t + 1), Math.cos(0.4 * t)];
      return [a, b, c, a + 0.1 * b, b + 0.1 * c, c + 0.1 * a];
    });
    const { order } = await bySimilarity(of(rows));
    const places = [0, 1, 2].map((unit) => Math.abs(order.indexOf(unit) - order.indexOf(unit + 3)));
    expect(places).toEqual([1, 1, 1]);
  });
  test('of points on a line follows the line', async () => {
    const points = [5, 1, 9, 2, 8.5, 5.6, 1.2];
    const distances = Float32Array.from(points.flatMap((a) => points.map((b) => Math.abs(a - b))));
    const sorted = [...(await clusterOrder(distances, points.length))].map((k) => points[k]!);
    const rising = [...points].sort((a, b) => a - b);
    expect([rising, rising.toReversed()]).toContainEqual(sorted);
  });
});

describe('a correlation', () => {
  test('is that of the textbook, and 0 with what never moves', async () => {
    const signal = Float32Array.of(1, 2, 3, 4);
    const rows = [
      [2, -1, 7, 1],
      [4, -2, 7, 3],
      [6, -3, 7, 2],
      [8, -4, 7, 5],
    ];
    const [same, opposite, still, loose] = await correlations(of(rows), signal);
    expect([same, opposite, still]).toEqual([1, -1, 0]);
    expect(loose).toBeCloseTo(5.5 / Math.sqrt(5 * 8.75), 6);
  });
});

describe('what the sound does', () => {
  const RATE = 16_000;
  const tone = (n: number): number => 8000 * Math.sin((2 * Math.PI * 150 * n) / RATE);
  /** Half a second of tone, of noise, and of silence. */
  let state = 1;
  const noise = (): number => ((state = (state * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5) * 16_000;
  const pcm = Int16Array.from({ length: 3 * 8000 }, (_, n) => (n < 8000 ? tone(n) : n < 16_000 ? noise() : 0));
  const grid = { steps: 75, samplesPerStep: 320, windowSamples: 512 };
  const part = (values: Float32Array, k: number): number =>
    values.subarray(k * 25 + 3, k * 25 + 22).reduce((sum, value) => sum + value) / 19;

  test('has a pitch in a tone, none in noise', () => {
    const voicing = soundSignal('voicing', pcm, grid);
    expect(part(voicing, 0)).toBeGreaterThan(0.95);
    expect(part(voicing, 1)).toBeLessThan(0.6);
    expect(part(voicing, 2)).toBe(0);
  });
  test('is silent where there is nothing, and loud where there is something', () => {
    const silence = soundSignal('silence', pcm, grid);
    expect([part(silence, 0), part(silence, 1), part(silence, 2)]).toEqual([0, 0, 1]);
    const energy = soundSignal('energy', pcm, grid);
    expect(part(energy, 0)).toBeCloseTo(10 * Math.log10(8000 ** 2 / 2), 0);
    expect(part(energy, 2)).toBe(0);
  });
});
