import { expect, test } from 'vitest';
import { lessOf, sameTime, warped, warpOf } from '../../../../renderer/views/inspect/warp';

const columns = (...values: number[]) => ({ values: Float32Array.from(values), units: 1, msPerColumn: 10 });

test('a row stands where its pairs stand in the mean', () => {
  const path = Int32Array.of(0, 0, 1, 1, 1, 2, 1, 3, 2, 4, 3, 4);
  expect([...warpOf(path, 4)]).toEqual([0, 2, 4, 4]);
});

test('between rows that a coarse path names the way is straight, after the last it stays', () => {
  expect([...warpOf(Int32Array.of(0, 0, 4, 8), 7)]).toEqual([0, 2, 4, 6, 8, 8, 8]);
});

test('one sound at two step lengths is laid on itself', () => {
  expect([...sameTime(4, 0.5)]).toEqual([0, 0.5, 1, 1.5]);
});

test('columns of the second are taken at the time of the first, and subtracted', () => {
  const second = warped(columns(1, 2, 3, 4), 3, 10, (ms) => 2 * ms - 5);
  expect([...second.values]).toEqual([1, 3, 4]);
  expect([...lessOf(columns(1, 1, 1), second).values]).toEqual([0, -2, -3]);
});
