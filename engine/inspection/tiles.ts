// A part of a long matrix at a coarser scale: several rows become one column of a picture.
import { MAX_TILE_VALUES } from '../../app/contract/inspection';
import { unreachable } from '../../app/errors';

export type Reduction = 'mean' | 'min' | 'max';

/** A matrix [rows, width] that is read piece by piece. */
export interface RowSource {
  readonly rows: number;
  readonly width: number;
  /** Rows [first, first + count), fewer at the end, [·, width]. */
  readonly read: (first: number, count: number) => Promise<Float32Array>;
}
export interface TilePlace {
  readonly first: number;
  readonly columns: number;
  readonly rowsPerColumn: number;
  readonly reduce: Reduction;
}
export interface Tile {
  readonly columns: number;
  readonly width: number;
  /** [columns, width] */
  readonly values: Float32Array;
}

/** Values that are read at a time. */
const PIECE_VALUES = 1 << 18;

export async function tileOf(source: RowSource, { first, columns, rowsPerColumn, reduce }: TilePlace): Promise<Tile> {
  const { rows, width } = source;
  const there = Math.max(0, Math.ceil((rows - first) / rowsPerColumn));
  const count = Math.min(columns, there, Math.max(1, Math.floor(MAX_TILE_VALUES / width)));
  const end = Math.min(rows, first + count * rowsPerColumn);
  if (rowsPerColumn === 1) return { columns: count, width, values: await source.read(first, count) };
  const values = new Float32Array(count * width).fill(startOf(reduce));
  const pieceRows = Math.max(1, Math.floor(PIECE_VALUES / width));
  for (let begin = first; begin < end; begin += pieceRows) {
    const piece = await source.read(begin, Math.min(pieceRows, end - begin));
    for (let k = 0; k < piece.length / width; k++) {
      const column = Math.floor((begin - first + k) / rowsPerColumn) * width;
      for (let unit = 0; unit < width; unit++)
        values[column + unit] = joined(reduce, values[column + unit]!, piece[k * width + unit]!);
    }
  }
  if (reduce === 'mean') divideByRows(values, { first, end, rowsPerColumn, width });
  return { columns: count, width, values };
}

function startOf(reduce: Reduction): number {
  switch (reduce) {
    case 'mean':
      return 0;
    case 'min':
      return Infinity;
    case 'max':
      return -Infinity;
    default:
      return unreachable(reduce);
  }
}
function joined(reduce: Reduction, before: number, value: number): number {
  switch (reduce) {
    case 'mean':
      return before + value;
    case 'min':
      return Math.min(before, value);
    case 'max':
      return Math.max(before, value);
    default:
      return unreachable(reduce);
  }
}
/** The last column may stand for fewer rows. */
function divideByRows(
  values: Float32Array,
  place: { readonly first: number; readonly end: number; readonly rowsPerColumn: number; readonly width: number },
): void {
  const { first, end, rowsPerColumn, width } = place;
  for (let k = 0; k < values.length; k++) {
    const begin = first + Math.floor(k / width) * rowsPerColumn;
    values[k]! /= Math.min(rowsPerColumn, end - begin);
  }
}
