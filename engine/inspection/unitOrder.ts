// Orders of a layer's units in which a picture of them says something.
import { clusterOrder } from './clusterOrder';
import { CorrelationSums } from './correlationSums';
import { tileOf, type RowSource } from './tiles';

/** Columns over which units are compared: more tell little more and cost their square. */
const MOST_COLUMNS = 600;
const PIECE_ROWS = 256;

export interface Order {
  /** The unit at each place. */
  readonly order: Int32Array;
  /** What the unit at each place stands there for. */
  readonly scores: Float32Array;
}

export const byIndex = (units: number): Order => ({
  order: Int32Array.from({ length: units }, (_, unit) => unit),
  scores: new Float32Array(0),
});

/** Falling; of equal scores the lower unit first. */
export function byScore(scores: Float32Array): Order {
  const order = Int32Array.from({ length: scores.length }, (_, unit) => unit);
  order.sort((a, b) => scores[b]! - scores[a]! || a - b);
  return { order, scores: Float32Array.from(order, (unit) => scores[unit]!) };
}

/** Neighbours do the same: hierarchical clustering by 1 − correlation. */
export async function bySimilarity(source: RowSource): Promise<Order> {
  const { rows, width } = source;
  const rowsPerColumn = Math.max(1, Math.ceil(rows / MOST_COLUMNS));
  const columns = Math.ceil(rows / rowsPerColumn);
  // Wide matrices come in several tiles.
  const parts: Float32Array[] = [];
  for (let done = 0; done < columns;) {
    const place = { first: done * rowsPerColumn, columns: columns - done, rowsPerColumn, reduce: 'mean' as const };
    const tile = await tileOf(source, place);
    parts.push(tile.values);
    done += tile.columns;
  }
  const standardised = standardUnits(parts, columns, width);
  return { order: await clusterOrder(distancesOf(standardised, columns, width), width), scores: new Float32Array(0) };
}

/** Correlation of every unit with a signal [rows]. */
export async function correlations(source: RowSource, signal: Float32Array): Promise<Float32Array> {
  const sums = new CorrelationSums(source.width, 1);
  for (let first = 0; first < source.rows; first += PIECE_ROWS)
    sums.add(await source.read(first, PIECE_ROWS), [signal], first);
  return sums.correlations();
}

/** Mean of every unit. */
export async function means(source: RowSource): Promise<Float32Array> {
  const { rows } = source;
  return (await tileOf(source, { first: 0, columns: 1, rowsPerColumn: Math.max(1, rows), reduce: 'mean' })).values;
}

/** Unit by unit over all columns, mean 0 and length 1, [width, columns]; all 0 where a unit never moves. */
function standardUnits(parts: readonly Float32Array[], columns: number, width: number): Float32Array {
  const units = new Float32Array(width * columns);
  let column = 0;
  for (const part of parts)
    for (let at = 0; at < part.length; at += width, column++)
      for (let unit = 0; unit < width; unit++) units[unit * columns + column] = part[at + unit]!;
  for (let unit = 0; unit < width; unit++) {
    const row = units.subarray(unit * columns, (unit + 1) * columns);
    const mean = row.reduce((sum, value) => sum + value, 0) / columns;
    const length = Math.sqrt(row.reduce((sum, value) => sum + (value - mean) ** 2, 0));
    row.forEach((value, k) => (row[k] = length > 1e-6 ? (value - mean) / length : 0));
  }
  return units;
}

/** 1 − correlation of all pairs, [width, width] */
function distancesOf(units: Float32Array, columns: number, width: number): Float32Array {
  const distances = new Float32Array(width * width);
  for (let a = 0; a < width; a++)
    for (let b = 0; b < a; b++) {
      let product = 0;
      for (let k = 0; k < columns; k++) product += units[a * columns + k]! * units[b * columns + k]!;
      distances[a * width + b] = distances[b * width + a] = 1 - product;
    }
  return distances;
}
