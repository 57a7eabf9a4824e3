// A sound at a glance as one shape, for lists that are scrolled fast: no canvas for every row.

/**
 * Bars to both sides of the middle, relative to the loudest, as the d of an SVG path: one unit wide for each value.
 * @param height of the whole; silence is a thin line
 */
export function peaksPath(peaks: Float32Array, height: number): string {
  const loudest = peaks.reduce((highest, value) => Math.max(highest, value), 0.01);
  const middle = height / 2;
  let path = '';
  peaks.forEach((value, index) => {
    const half = Math.max(0.5, (value / loudest) * middle);
    path += `M${index} ${(middle - half).toFixed(1)}h1v${(2 * half).toFixed(1)}h-1z`;
  });
  return path;
}
