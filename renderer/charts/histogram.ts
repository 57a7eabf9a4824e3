// Values counted into equal parts of an axis.

export interface Bins {
  /** First and last value of the axis; what lies beyond counts in its ends. */
  readonly low: number;
  readonly high: number;
  readonly count: number;
  /** Parts are equal in the logarithm. */
  readonly isLog?: boolean;
}

/** Where a value stands on the axis, 0 to 1. */
export function placeOn({ low, high, isLog = false }: Omit<Bins, 'count'>, value: number): number {
  const share = isLog ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return share > 0 ? Math.min(1, share) : 0;
}

/** How many values lie in each part. */
export function histogram(values: Iterable<number>, bins: Bins): number[] {
  const counts = new Array<number>(bins.count).fill(0);
  for (const value of values) {
    const part = Math.min(bins.count - 1, Math.floor(placeOn(bins, value) * bins.count));
    counts[part] = (counts[part] ?? 0) + 1;
  }
  return counts;
}

/**
 * The parts around the middle one: of so great a share of the axis, as near as whole parts come to it. What lies beyond is left out.
 * @param counts an odd number of them
 */
export function middleOf(counts: readonly number[], share: number): readonly number[] {
  const beside = Math.round(((counts.length - 1) / 2) * share);
  const middle = (counts.length - 1) / 2;
  return counts.slice(middle - beside, middle + beside + 1);
}
