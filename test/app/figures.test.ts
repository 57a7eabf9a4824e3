import { describe, expect, test } from 'vitest';
import { withFigures } from '../../app/figures';

describe('number words as figures', () => {
  test.each([
    ['two zero five', '205'],
    ['call four one two oh six', 'call 41206'],
    ['nineteen sixty eight', '1968'],
    ['twenty one', '21'],
    ['twenty zero', '200'],
    ['two hundred and five', '205'],
    ['three thousand', '3000'],
    ['three thousand two hundred', '3200'],
    ['nineteen hundred and sixty eight', '1968'],
    ['two thousand and five', '2005'],
    ['five and six', '5 and 6'],
    ['hundred', 'hundred'],
    ['one go two', '1 go 2'],
    ['enter', 'enter'],
    ['', ''],
  ])('%j is %j', (spoken, written) => {
    const words = spoken.split(' ').filter((word) => word !== '');
    expect(withFigures(words).join(' ')).toBe(written);
  });
});
