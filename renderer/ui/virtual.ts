// Which rows of a long list are in sight: only those are on the page.

/** Where every row begins, in pixels, and where the last ends. @returns [rows + 1], ascending from 0 */
export function offsetsOf(count: number, heightOf: (index: number) => number): Float64Array {
  const offsets = new Float64Array(count + 1);
  for (let index = 0; index < count; index++) offsets[index + 1] = (offsets[index] ?? 0) + heightOf(index);
  return offsets;
}

/** Rows beyond either edge that are there already when they are scrolled to. */
const SPARE_ROWS = 6;

export interface RowWindow {
  readonly first: number;
  /** The one after the last. */
  readonly end: number;
}

/** The rows between two heights. @param offsets of offsetsOf */
export function windowOf(offsets: Float64Array, top: number, height: number): RowWindow {
  const count = offsets.length - 1;
  const first = Math.max(0, lastAtOrBefore(offsets, top) - SPARE_ROWS);
  const end = Math.min(count, lastAtOrBefore(offsets, top + height) + 1 + SPARE_ROWS);
  return { first: Math.min(first, end), end };
}

/**
 * The rows of a window by the places that they take on the page: a row keeps its place for as long as it is in sight, and the places
 * of those that leave go to those that come, so that nothing is made anew while a list is scrolled.
 * @param places how many there are, at least as many as the window has rows
 * @returns [places], for each place its row's index, or null where none takes it
 */
export function rowsOfPlaces({ first, end }: RowWindow, places: number): (number | null)[] {
  return Array.from({ length: places }, (_, place) => {
    const index = first + ((place - (first % places) + places) % places);
    return index < end ? index : null;
  });
}

/** As many rows of this height as a window of `windowOf` has at most. */
export const placesFor = (height: number, rowHeight: number): number =>
  rowHeight > 0 ? Math.ceil(height / rowHeight) + 1 + 2 * SPARE_ROWS : 0;

/** The last index whose offset is not beyond a height. */
function lastAtOrBefore(offsets: Float64Array, height: number): number {
  let low = 0;
  let high = offsets.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] ?? 0) <= height) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where a list must be scrolled to, so that a row is in sight; the present place where it is. */
export function scrolledTo(offsets: Float64Array, index: number, top: number, height: number): number {
  const from = offsets[index] ?? 0;
  const to = offsets[index + 1] ?? from;
  if (from < top) return from;
  return to > top + height ? to - height : top;
}
