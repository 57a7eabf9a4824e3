// Numbers as experiments hand them out: JSON has none that are not finite.

export const numberOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

export function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
