import { expect, test } from 'vitest';
import { unitsIn, unitsText } from '../../../../renderer/views/inspect/unitChoice.svelte';

test.each([
  ['', []],
  ['3', [3]],
  ['9-7', null],
  ['3, 7–9', [3, 7, 8, 9]],
  ['5 5 4', [4, 5]],
  ['10', null],
  ['a', null],
])('units named as "%s" are read', (text, units) => {
  expect(unitsIn(text, 10)).toEqual(units);
});

test('units are named as they are read', () => {
  expect(unitsText([3, 7, 8, 9])).toBe('3, 7–9');
  expect(unitsIn(unitsText([0, 1, 5]), 10)).toEqual([0, 1, 5]);
});
