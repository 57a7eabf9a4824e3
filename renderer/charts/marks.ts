// Moments that the person marked: small flags on the ruler.
import type { Palette, Surface } from './canvas';
import { pixelsPerMs, type Span } from './timeAxis';

/** A mark this near to where one is set is taken away instead. */
const NEAR_MS = 150;
const FLAG_PX = 7;

/** The marks with one more at `ms`, or with the one there taken away. @param marks ascending */
export function withMark(marks: readonly number[], ms: number): readonly number[] {
  const others = marks.filter((mark) => Math.abs(mark - ms) > NEAR_MS);
  return others.length < marks.length ? others : [...marks, Math.round(ms)].sort((a, b) => a - b);
}

export function drawMarks(
  { context, width, height }: Surface,
  palette: Palette,
  marks: readonly number[],
  span: Span,
): void {
  const scale = pixelsPerMs(span, width);
  context.fillStyle = palette.accent;
  for (const mark of marks) {
    const x = Math.round((mark - span.startMs) * scale);
    if (x < -FLAG_PX || x > width) continue;
    context.fillRect(x, 0, 1.5, height);
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x + FLAG_PX, FLAG_PX / 2);
    context.lineTo(x, FLAG_PX);
    context.fill();
  }
}
