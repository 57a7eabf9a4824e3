// Decades of an axis, and where values stand between them.

export interface Decades {
  /** Exponents of ten. */
  readonly low: number;
  readonly high: number;
}

/** Ends of an axis grow by so many decades where nothing else is said, so that they stand still while a slider is dragged a little. */
const STRIDE = 4;
/** Beyond these the axis ends: what is smaller is nothing, what is larger is everything. */
const LIMIT = 16;

/** Decades that hold the sizes of all values but 0, 10⁻¹⁶ to 10¹⁶ at most; one stride each way at least. Null is too large for a number. */
export function decadesOf(series: readonly (readonly (number | null)[])[], stride = STRIDE): Decades {
  let [low, high] = [-stride, stride];
  for (const values of series)
    for (const value of values) {
      if (value === 0) continue;
      const exponent = value === null ? LIMIT : Math.log10(Math.abs(value));
      low = Math.min(low, exponent);
      high = Math.max(high, exponent);
    }
  const outwards = (exponent: number): number => Math.sign(exponent) * stride * Math.ceil(Math.abs(exponent) / stride);
  return { low: Math.max(-LIMIT, outwards(low)), high: Math.min(LIMIT, outwards(high)) };
}

/** 0 at the low end, 1 at the high end; a value beyond stands at the end, and so do 0 and null. */
export function placeOf(value: number | null, { low, high }: Decades): number {
  if (value === null) return 1;
  const exponent = value === 0 ? low : Math.log10(Math.abs(value));
  return Math.max(0, Math.min(1, (exponent - low) / (high - low)));
}

/** Exponents to be named, at most about `count`. */
export function decadeMarks({ low, high }: Decades, count: number): number[] {
  const step = [1, 2, 4, 8, 16].find((each) => (high - low) / each <= count) ?? 32;
  return Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, index) => low + index * step);
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
/** 1, 10, 10⁴, 10⁻¹² */
export function powerOfTen(exponent: number): string {
  if (exponent === 0) return '1';
  if (exponent === 1) return '10';
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');
  return `10${exponent < 0 ? '⁻' : ''}${digits}`;
}

/** A size in three digits and a power of ten where it is large or small; `beyond` where it is no number. */
export function sized(value: number | null | undefined, beyond: string): string {
  if (value === null || value === undefined) return beyond;
  const size = Math.abs(value);
  if (value === 0 || (size >= 0.01 && size < 100_000)) return String(Number(value.toPrecision(4))).replace('-', '−');
  const exponent = Math.floor(Math.log10(size));
  const factor = (value / 10 ** exponent).toFixed(2).replace('-', '−');
  return `${factor}\u2009×\u2009${powerOfTen(exponent)}`;
}
