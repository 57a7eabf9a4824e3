// One sound laid on the time of another: where in the second stands what stands here in the first.

/** Row of the second for every row of the first; whole numbers where the rows of both are as many. */
export type Warp = Float32Array;

/** Both are the same sound: rows lie at the same time. @param scale rows of the second for one of the first */
export const sameTime = (rows: number, scale: number): Warp =>
  Float32Array.from({ length: rows }, (_, row) => row * scale);

/**
 * @param path pairs of rows (of the first, of the second), one after the other, both never falling, [pairs, 2]
 * @param rows of the first
 */
export function warpOf(path: Int32Array, rows: number): Warp {
  const [sums, counts] = [new Float64Array(rows), new Float64Array(rows)];
  for (let pair = 0; pair < path.length; pair += 2) {
    const row = path[pair] ?? 0;
    if (row >= rows) continue;
    sums[row] = (sums[row] ?? 0) + (path[pair + 1] ?? 0);
    counts[row] = (counts[row] ?? 0) + 1;
  }
  const known = [...counts.keys()].filter((row) => counts[row]! > 0);
  const at = (row: number): number => sums[row]! / counts[row]!;
  const warp = new Float32Array(rows);
  // A path over longer rows names only some of them: between two that it names, the way is straight.
  let next = 0;
  for (let row = 0; row < rows; row++) {
    while (next < known.length - 1 && known[next]! < row) next++;
    const [after, before] = [known[next] ?? 0, known[Math.max(0, next - 1)] ?? 0];
    if (known.length === 0) continue;
    if (after <= row || before >= after) warp[row] = at(after);
    else warp[row] = at(before) + ((row - before) / (after - before)) * (at(after) - at(before));
  }
  return warp;
}

/** Columns of a matrix over time: so many rows each, [columns, units]. */
export interface Columns {
  readonly values: Float32Array;
  readonly units: number;
  readonly msPerColumn: number;
}

/** The second's columns on the time of the first. @param toMs time in the second of a time in the first */
export function warped(second: Columns, columns: number, msPerColumn: number, toMs: (ms: number) => number): Columns {
  const { units } = second;
  const all = units === 0 ? 0 : second.values.length / units;
  const values = new Float32Array(columns * units);
  for (let column = 0; column < columns && all > 0; column++) {
    const ms = toMs((column + 0.5) * msPerColumn);
    const from = Math.max(0, Math.min(all - 1, Math.floor(ms / second.msPerColumn)));
    values.set(second.values.subarray(from * units, (from + 1) * units), column * units);
  }
  return { values, units, msPerColumn };
}

/** First less second, value by value. */
export const lessOf = (first: Columns, second: Columns): Columns => ({
  ...first,
  values: first.values.map((value, at) => value - (second.values[at] ?? 0)),
});
