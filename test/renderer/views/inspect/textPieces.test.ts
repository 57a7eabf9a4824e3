import { expect, test } from 'vitest';
import { changeCount, textPieces } from '../../../../renderer/views/inspect/textPieces';

test('two readings of a sound are told apart symbol by symbol', () => {
  expect(textPieces('five two', 'fine two')).toEqual([
    { kind: 'same', reference: 'fi', hypothesis: 'fi' },
    { kind: 'put', reference: 'v', hypothesis: 'n' },
    { kind: 'same', reference: 'e two', hypothesis: 'e two' },
  ]);
});

test('what came and what went stands in its place', () => {
  expect(textPieces('one two', 'one')).toEqual([
    { kind: 'same', reference: 'one', hypothesis: 'one' },
    { kind: 'leftOut', reference: ' two', hypothesis: '' },
  ]);
  expect(textPieces('', 'oh')).toEqual([{ kind: 'added', reference: '', hypothesis: 'oh' }]);
  expect(textPieces('six', 'six')).toEqual([{ kind: 'same', reference: 'six', hypothesis: 'six' }]);
});

test('changes are counted by symbols', () => {
  expect(changeCount(textPieces('one three five', 'one tree nine'))).toBe(3);
  expect(changeCount(textPieces('same', 'same'))).toBe(0);
});
