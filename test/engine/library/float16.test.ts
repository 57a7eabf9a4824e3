import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FLOAT16_MAX, fromFloat16, toFloat16 } from '../../../engine/library/float16';

const ALL_FINITE = Array.from({ length: 1 << 16 }, (_, code) => code).filter((code) => (code & 0x7c00) !== 0x7c00);

describe('half precision', () => {
  it('comes back from every finite code', () => {
    expect(ALL_FINITE.filter((code) => toFloat16(fromFloat16(code)) !== code)).toEqual([]);
  });

  it.each([
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, FLOAT16_MAX],
    [0x0001, 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
  ])('code %i is %d', (code, value) => {
    expect(fromFloat16(code)).toBe(value);
  });

  it('takes the nearest half, the even one of two', () => {
    const nextCode = (code: number): number => code + 1;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x7bfe }), fc.double({ min: 0, max: 1, noNaN: true }), (code, fraction) => {
        const [low, high] = [fromFloat16(code), fromFloat16(nextCode(code))];
        const value = Math.fround(low + fraction * (high - low));
        const [below, above] = [value - low, high - value];
        const even = code % 2 === 0 ? code : nextCode(code);
        expect(toFloat16(value)).toBe(below < above ? code : below > above ? nextCode(code) : even);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives the infinity beyond its range, by sign', () => {
    expect([fromFloat16(toFloat16(1e6)), fromFloat16(toFloat16(-65520))]).toEqual([Infinity, -Infinity]);
  });

  it('keeps what is no number', () => {
    expect(fromFloat16(toFloat16(NaN))).toBeNaN();
  });
});
