// How alike two sounds are, wherever the one begins in the other.

/** Largest normalised correlation of two sounds over shifts of up to `reach` samples. */
export function likeness(a: Int16Array, b: Int16Array, reach: number): number {
  let best = 0;
  for (let shift = -reach; shift <= reach; shift++) {
    let [ab, aa, bb] = [0, 0, 0];
    for (let n = reach; n < Math.min(a.length, b.length) - reach; n++) {
      const [x, y] = [a[n] ?? NaN, b[n + shift] ?? NaN];
      ab += x * y;
      aa += x * x;
      bb += y * y;
    }
    best = Math.max(best, ab / Math.sqrt(aa * bb));
  }
  return best;
}
