import { expect, test } from 'vitest';
import { makeRandom } from '../../../engine/runtime/random';

const draw = (seed: number, count: number) => {
  const random = makeRandom(seed);
  return Array.from({ length: count }, random);
};

test('the same seed gives the same numbers, another seed others', () => {
  expect(draw(5, 10)).toEqual(draw(5, 10));
  expect(draw(5, 10)).not.toEqual(draw(6, 10));
});
test('the numbers are uniform in [0, 1)', () => {
  const numbers = draw(1, 20_000);
  const tenths = Array.from({ length: 10 }, (_, k) => numbers.filter((x) => Math.floor(10 * x) === k).length);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
  tenths.forEach((count) => expect(Math.abs(count - 2000)).toBeLessThan(200));
});
