import { expect, test } from 'vitest';
import { unrolledClock } from '../../../engine/network/unrolledClock';

test('a body of four steps has what doubles every step, and waits with what is slower', () => {
  expect(unrolledClock([1, 2, 4, 8, 16])).toEqual({ steps: 4, due: [5, 1, 2, 1], bodies: [1, 1, 1, 2, 4] });
});
test.each([
  [[1, 3], 6],
  [[1, 5, 10], 5],
  [[3, 6], 6],
])('periods %j take a body of %i steps', (periods, steps) => {
  expect(unrolledClock(periods)?.steps).toBe(steps);
});
test.each([[[1]], [[1, 2, 3]], [[2, 3]], [[7]], [[1, 7]]])('periods %j take none', (periods) => {
  const clock = unrolledClock(periods);
  expect(clock).toBeNull();
});
