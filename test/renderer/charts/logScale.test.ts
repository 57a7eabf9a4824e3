import { expect, test } from 'vitest';
import { decadesOf, placeOf, powerOfTen, sized } from '../../../renderer/charts/logScale';

test('an axis holds all sizes in strides of four decades, and ends where sizes mean nothing', () => {
  expect(decadesOf([[1, 20_752]])).toEqual({ low: -4, high: 8 });
  expect(decadesOf([[1, -1e-9]])).toEqual({ low: -12, high: 4 });
  expect(decadesOf([[0, null]])).toEqual({ low: -4, high: 16 });
});

test('what is too large stands at the top, and nothing at the bottom', () => {
  const decades = { low: -4, high: 4 };
  expect([null, 0, 1, -1, 1e9].map((value) => placeOf(value, decades))).toEqual([1, 0, 0.5, 0.5, 1]);
});

test('sizes are written with a power of ten where they are large or small', () => {
  expect(sized(20_752, '')).toBe('20750');
  expect(sized(-2.5e-9, '')).toBe('−2.50\u2009×\u200910⁻⁹');
  expect(sized(null, 'beyond')).toBe('beyond');
  expect(powerOfTen(-12)).toBe('10⁻¹²');
});
