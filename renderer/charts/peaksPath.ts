// A sound at a glance as one shape, for lists that are scrolled fast: no canvas for every row.

/** Heights in steps of half a unit: whole numbers are short, and soon read. */
const STEPS = 2;

/** The viewBox of a shape of so many values. */
export const peaksBox = (count: number, height: number): string => `0 0 ${count} ${STEPS * height}`;

/**
 * One outline to both sides of the middle, relative to the loudest value, as the d of an SVG path in `peaksBox`: one unit wide for
 * each value.
 * @param height of the whole; silence is a thin line
 */
export function peaksPath(peaks: Float32Array, height: number): string {
  const loudest = peaks.reduce((highest, value) => Math.max(highest, value), 0.01);
  const middle = (STEPS * height) / 2;
  const half = (value: number): number => Math.max(1, Math.round((value / loudest) * middle));
  let upper = `M0 ${middle}`;
  let lower = '';
  peaks.forEach((value) => {
    upper += `V${middle - half(value)}h1`;
    lower = `V${middle + half(value)}h-1${lower}`;
  });
  return `${upper}${lower}z`;
}
