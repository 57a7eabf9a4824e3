// Numbers that stand inside a drawing: three decimals at most, and what is nearly nothing says so.
import { number } from '../../i18n/format';

const LEAST = 0.0005;

export function shortNumber(value: number): string {
  if (value !== 0 && Math.abs(value) < LEAST) return '≈\u20090';
  return number(value, Math.abs(value) < 100 ? 3 : 0).replace('-', '−');
}
