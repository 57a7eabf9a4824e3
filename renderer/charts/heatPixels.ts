// A matrix as a picture: a column for each frame, a row for each unit or for a few of them.
import type { ColourTable, ValueRange } from './colourTable';

/** Frames of a matrix from one on, or means of so many frames each. */
export interface MatrixTile {
  /** [columns, units] */
  readonly values: Float32Array;
  readonly units: number;
}

export interface HeatStyle {
  readonly colours: ColourTable;
  readonly range: ValueRange;
  /** Which unit stands in which place, from the top; units that it leaves out are not shown. Null for all in their own order. */
  readonly order: Int32Array | null;
  /** Rows of the picture; where there are more units, neighbours are averaged. */
  readonly rows: number;
}

/**
 * Means of neighbouring units, in the order that they stand in, [columns, units] → [rows, columns].
 * Where there are no more units than rows, every unit has its own.
 */
export function heatRows({ values, units }: MatrixTile, order: Int32Array | null, rows: number): Float32Array {
  const columns = units === 0 ? 0 : values.length / units;
  const places = order?.length ?? units;
  const out = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const first = Math.floor((row * places) / rows);
    const end = Math.max(first + 1, Math.floor(((row + 1) * places) / rows));
    const share = 1 / (end - first);
    for (let place = first; place < end; place++) {
      const unit = order === null ? place : (order[place] ?? place);
      const begin = row * columns;
      for (let column = 0; column < columns; column++) out[begin + column]! += values[column * units + unit]! * share;
    }
  }
  return out;
}

/** The picture of a tile; null where it has no frames or no units. */
export function heatPixels(tile: MatrixTile, { colours, range, order, rows }: HeatStyle): ImageData | null {
  const means = heatRows(tile, order, rows);
  const columns = rows === 0 ? 0 : means.length / rows;
  if (columns === 0) return null;
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const last = colours.length - 1;
  const scale = last / (range.high - range.low);
  for (let at = 0; at < means.length; at++) {
    const place = (means[at]! - range.low) * scale;
    pixels[at] = colours[place > 0 ? (place < last ? (place + 0.5) | 0 : last) : 0]!;
  }
  return image;
}
