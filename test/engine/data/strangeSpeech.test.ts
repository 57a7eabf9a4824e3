import { expect, test } from 'vitest';
import { crossed, turnedRound } from '../../../engine/data/strangeSpeech';

test('a crossed word is the second half of one clip and the first half of another', () => {
  const one = Float32Array.of(1, 1, 2, 2, 3, 3, 4, 4);
  const other = Float32Array.of(5, 5, 6, 6, 7, 7);
  expect([...crossed(one, other, 2)]).toEqual([3, 3, 4, 4, 5, 5]);
});

test('a clip that is turned round has its frames from the last to the first, each as it was', () => {
  expect([...turnedRound(Float32Array.of(1, 2, 3, 4, 5, 6), 2)]).toEqual([5, 6, 3, 4, 1, 2]);
});
