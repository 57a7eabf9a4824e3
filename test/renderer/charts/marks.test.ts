import { expect, test } from 'vitest';
import { withMark } from '../../../renderer/charts/marks';

test('marks stand in the order of time, wherever they are set', () => {
  expect(withMark(withMark([], 900.4), 300)).toEqual([300, 900]);
});

test('a mark is taken away by marking its place again', () => {
  expect(withMark([300, 900], 950)).toEqual([300]);
});
