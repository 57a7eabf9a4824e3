// A long curve, thinned to what the pixels of a figure can show: of each column of pixels its lowest and its highest point.

/** Points of a curve in the order of their steps, [n] each. */
export interface Points {
  readonly steps: readonly number[];
  /** Null where nothing can be drawn: there the line is broken. */
  readonly values: readonly (number | null)[];
}

/** Steps from `from` up to, not including, `to`. */
export interface StepSpan {
  readonly from: number;
  readonly to: number;
}

export const spanLength = ({ from, to }: StepSpan): number => to - from;

/**
 * Of `values`, one for each step, those that are seen in a figure of so many columns: all where no column has more than two, else the
 * lowest and the highest of each column, at their own steps. Values that are not finite, or not over `above`, leave a
 * gap only where a whole column has no other.
 */
export function envelope(values: Float32Array, { from, to }: StepSpan, columns: number, above = -Infinity): Points {
  const first = Math.max(0, Math.floor(from));
  const end = Math.min(values.length, Math.ceil(to));
  const steps: number[] = [];
  const shown: (number | null)[] = [];
  const put = (step: number): void => {
    steps.push(step);
    shown.push(values[step]!);
  };
  const isThin = end - first <= 2 * columns;
  const perColumn = isThin ? 1 : (end - first) / Math.max(1, columns);
  for (let column = 0; first + column * perColumn < end; column++) {
    const start = first + Math.floor(column * perColumn);
    const stop = Math.min(end, first + Math.floor((column + 1) * perColumn));
    const [low, high] = extremes(values, start, stop, above);
    if (low < 0) {
      steps.push(start);
      shown.push(null);
    } else if (low === high) put(low);
    else {
      put(Math.min(low, high));
      put(Math.max(low, high));
    }
  }
  return { steps, values: shown };
}

/** Steps of the lowest and the highest drawn value; -1 where there is none. */
function extremes(values: Float32Array, start: number, stop: number, above: number): readonly [number, number] {
  let low = -1;
  let high = -1;
  for (let step = start; step < stop; step++) {
    const value = values[step]!;
    // False for NaN as well.
    if (!(value > above && value < Infinity)) continue;
    if (low < 0 || value < values[low]!) low = step;
    if (high < 0 || value > values[high]!) high = step;
  }
  return [low, high];
}

/** The lowest and highest of values that can be drawn, or null. */
export function rangeOf(lists: readonly (readonly (number | null)[])[]): readonly [number, number] | null {
  let low = Infinity;
  let high = -Infinity;
  for (const list of lists)
    for (const value of list) {
      if (value === null || !Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  return low <= high ? [low, high] : null;
}
