import { expect, test } from 'vitest';
import { countsOf, listed } from '../../../../renderer/views/data/listing';
import { dataRow } from '../../support/dataShelf';

const tooShort = { code: 'too-short', params: { symbols: 14, needed: 0.3, seconds: 0.2 } } as const;
const silent = { code: 'silent', params: {} } as const;
const rows = [
  dataRow(0, 'three nine', { speaker: 'B', seconds: 1.9, part: 'test' }),
  dataRow(1, 'six one', { notes: [silent], seconds: 6.9 }),
  dataRow(2, 'zero five', { notes: [tooShort], seconds: 0.4 }),
  dataRow(3, 'take 10', { isLeftOut: true, notes: [tooShort], seconds: null }),
  dataRow(4, 'take 9', { name: 'kitchen.wav', seconds: 2.2, part: 'validation' }),
];
const ids = (...args: Parameters<typeof listed>): number[] => listed(...args).map(({ rowId }) => rowId);
const asc = (key: Parameters<typeof listed>[3]['key']) => ({ key, isDescending: false });

test('what cannot be learned comes first, then what is to be looked at, then the rest in its order', () => {
  expect(ids(rows, '', 'all', asc('check'))).toEqual([2, 1, 0, 3, 4]);
});

test('what the person left out is no longer to be checked', () => {
  expect(ids(rows, '', 'check', asc('order'))).toEqual([1, 2]);
  expect(ids(rows, '', 'leftOut', asc('order'))).toEqual([3]);
  expect(countsOf(rows)).toEqual({ all: 5, check: 2, leftOut: 1 });
});

test('every word of the search must be in text, file or speaker', () => {
  expect(ids(rows, 'nine three', 'all', asc('order'))).toEqual([0]);
  expect(ids(rows, 'kitchen', 'all', asc('order'))).toEqual([4]);
  expect(ids(rows, 'three kitchen', 'all', asc('order'))).toEqual([]);
});

test('columns sort both ways, numbers in texts by their value, unknown lengths first', () => {
  expect(ids(rows, '', 'all', asc('text'))).toEqual([1, 4, 3, 0, 2]);
  expect(ids(rows, '', 'all', asc('length'))).toEqual([3, 2, 0, 4, 1]);
  expect(ids(rows, '', 'all', { key: 'length', isDescending: true })).toEqual([1, 4, 0, 2, 3]);
  expect(ids(rows, '', 'all', asc('part'))).toEqual([1, 2, 3, 4, 0]);
});
