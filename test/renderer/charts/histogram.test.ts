import { expect, test } from 'vitest';
import { histogram, middleOf } from '../../../renderer/charts/histogram';

test('values beyond the axis count in its ends', () => {
  expect(histogram([-5, 0.1, 0.6, 9], { low: 0, high: 1, count: 2 })).toEqual([2, 2]);
});

test('the middle of a histogram is as many parts on both sides, at least the one at zero', () => {
  const counts = [1, 2, 3, 4, 5, 6, 7];
  expect(middleOf(counts, 1)).toEqual(counts);
  expect(middleOf(counts, 2 / 3)).toEqual([2, 3, 4, 5, 6]);
  expect(middleOf(counts, 0.5)).toEqual([2, 3, 4, 5, 6]);
  expect(middleOf(counts, 0.1)).toEqual([4]);
});
