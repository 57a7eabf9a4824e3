import { describe, expect, test } from 'vitest';
import { dueSets } from '../../../engine/network/dueSets';

describe('units due together', () => {
  test('are those whose period divides the step, and no others', () => {
    const periods = [1, 1, 2, 2, 6, 6];
    const due = dueSets(periods)!;
    for (let step = 0; step < 24; step++) {
      const expected = periods.flatMap((period, unit) => (step % period === 0 ? [unit] : []));
      expect(due.sets[due.indexAfter(step)!]).toEqual(expected);
    }
    expect(due.sets.length).toBe(3);
  });
  test('are none between the ticks of the fastest clock', () => {
    const due = dueSets([3, 6])!;
    expect([0, 1, 2, 3, 4].map((step) => due.indexAfter(step) === null)).toEqual([false, true, true, false, true]);
  });
  test('are not listed where the clocks have too little in common', () => {
    expect(dueSets([2, 3, 5, 7, 11, 13])).toBe(null);
  });
});
