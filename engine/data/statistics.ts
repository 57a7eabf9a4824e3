// Numbers that a check of a data set tells.

/** Of an even number of values the mean of the middle two. @throws Error where there are none */
export function median(values: readonly number[]): number {
  const ascending = [...values].sort((a, b) => a - b);
  const middle = ascending.length >> 1;
  const upper = ascending[middle];
  if (upper === undefined) throw new Error('Expected at least one value');
  return ascending.length % 2 === 1 ? upper : (upper + ascending[middle - 1]!) / 2;
}

/** Consistent with the standard deviation of a normal distribution. */
const MAD_TO_DEVIATION = 0.6745;
/** Beyond it a value is called an outlier (Iglewicz & Hoaglin 1993). */
export const OUTLIER_SCORE = 3.5;
/** Of logarithms: values within about a tenth of each other are no outliers, however alike all the others are. */
const LEAST_DEVIATION = 0.1;

/** Modified z-scores of positive values' logarithms: distances from the median by the median distance. */
export function outlierScores(values: readonly number[]): number[] {
  if (values.length === 0) return [];
  const logs = values.map(Math.log);
  const centre = median(logs);
  const deviation = Math.max(median(logs.map((value) => Math.abs(value - centre))), LEAST_DEVIATION);
  return logs.map((value) => (MAD_TO_DEVIATION * (value - centre)) / deviation);
}

interface Bin {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}
const STEPS = [1, 2, 5];
const MOST_BINS = 20;

/** Without the last bits, which a division by a tenth leaves wrong. */
const round = (value: number): number => Number(value.toPrecision(12));
const binOf = (value: number, width: number): number => Math.floor(round(value / width));

/** Bins of one round width from zero on, at most twenty; empty where there are no values. */
export function histogram(values: readonly number[]): Bin[] {
  const largest = values.reduce((most, value) => Math.max(most, value), 0);
  if (values.length === 0 || largest === 0) return [];
  let width = 0;
  for (let exponent = -3; width === 0; exponent++) {
    width = STEPS.map((step) => step * 10 ** exponent).find((step) => binOf(largest, step) < MOST_BINS) ?? 0;
  }
  const counts = new Array<number>(binOf(largest, width) + 1).fill(0);
  for (const value of values) counts[binOf(value, width)]! += 1;
  return counts.map((count, bin) => ({ from: round(bin * width), to: round((bin + 1) * width), count }));
}
