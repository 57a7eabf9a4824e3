// Two sequences of rows laid beside each other although one is slower in places: dynamic time warping (Sakoe & Chiba 1978).
import type { ReplyOf } from '../../app/contract/messages';
import { turnOfOthers } from './activations';
import { refused } from './refused';
import { tileOf, type RowSource } from './tiles';

/** Rows of each that are compared with each other: all pairs are. Longer sequences are compared at a coarser scale. */
const MOST_ROWS = 1000;

/** Which of both went on. */
const STEP = { both: 0, first: 1, second: 2 } as const;

/** @throws UnrollError message.refused where the rows are not of one width, or one has none */
export async function alignRows(one: RowSource, other: RowSource): Promise<ReplyOf<'inspection.align'>> {
  if (one.width !== other.width) throw refused(`One has ${one.width} values in a row, the other ${other.width}.`);
  if (one.rows === 0 || other.rows === 0) throw refused('One of them has no rows.');
  const rowsPerPair = Math.ceil(Math.max(one.rows, other.rows) / MOST_ROWS);
  const [a, b] = await Promise.all([coarse(one, rowsPerPair), coarse(other, rowsPerPair)]);
  const { n, m, steps, costs } = await warp(a, b, one.width);
  const path: number[] = [];
  let total = 0;
  for (let [i, j] = [n - 1, m - 1]; ;) {
    path.push(j * rowsPerPair, i * rowsPerPair);
    total += costs[i * m + j]!;
    if (i === 0 && j === 0) break;
    const step = steps[i * m + j];
    if (step !== STEP.second) i--;
    if (step !== STEP.first) j--;
  }
  const length = (meanLength(a, one.width) + meanLength(b, one.width)) / 2;
  const pairs = path.length / 2;
  return { path: Int32Array.from(path.reverse()), rowsPerPair, distance: length > 0 ? total / pairs / length : 0 };
}

async function coarse(source: RowSource, rowsPerColumn: number): Promise<Float32Array> {
  const columns = Math.ceil(source.rows / rowsPerColumn);
  const values = new Float32Array(columns * source.width);
  for (let done = 0; done < columns;) {
    const place = { first: done * rowsPerColumn, columns: columns - done, rowsPerColumn, reduce: 'mean' as const };
    const tile = await tileOf(source, place);
    values.set(tile.values, done * source.width);
    done += tile.columns;
  }
  return values;
}

/** The cheapest way from the first pair to every pair: how each was come to, and what each costs itself, [n, m]. */
async function warp(a: Float32Array, b: Float32Array, width: number) {
  const [n, m] = [a.length / width, b.length / width];
  const steps = new Uint8Array(n * m);
  const costs = new Float32Array(n * m);
  let before = new Float64Array(m);
  for (let i = 0; i < n; i++) {
    const now = new Float64Array(m);
    for (let j = 0; j < m; j++) {
      const cost = distance(a, i * width, b, j * width, width);
      costs[i * m + j] = cost;
      const both = i > 0 && j > 0 ? before[j - 1]! : i === 0 && j === 0 ? 0 : Infinity;
      const first = i > 0 ? before[j]! : Infinity;
      const second = j > 0 ? now[j - 1]! : Infinity;
      const least = Math.min(both, first, second);
      steps[i * m + j] = least === both ? STEP.both : least === first ? STEP.first : STEP.second;
      now[j] = cost + least;
    }
    before = now;
    if (i % 8 === 0) await turnOfOthers();
  }
  return { n, m, steps, costs };
}

function distance(a: Float32Array, at: number, b: Float32Array, bt: number, width: number): number {
  let sum = 0;
  for (let k = 0; k < width; k++) sum += (a[at + k]! - b[bt + k]!) ** 2;
  return Math.sqrt(sum);
}
function meanLength(values: Float32Array, width: number): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += width)
    sum += Math.sqrt(values.subarray(at, at + width).reduce((squares, value) => squares + value * value, 0));
  return sum / (values.length / width);
}
