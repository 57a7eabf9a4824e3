import { expect, test } from 'vitest';
import { findWords, markedPieces } from '../../../renderer/shell/search';

test('every word must be there, in any order, whatever the case', () => {
  expect(findWords('Door code, cellar', 'cellar DOOR')).toEqual([
    [0, 4],
    [11, 17],
  ]);
  expect(findWords('Door code', 'door key')).toBeNull();
});

test('hits that overlap are marked once', () => {
  expect(findWords('nineteen', 'nine ninet')).toEqual([[0, 5]]);
});

test('pieces put together are the text', () => {
  const pieces = markedPieces('export as text', 'ex te');
  expect(pieces).toEqual([
    { text: 'ex', isHit: true },
    { text: 'port as ', isHit: false },
    { text: 'te', isHit: true },
    { text: 'xt', isHit: false },
  ]);
});
