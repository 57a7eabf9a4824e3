// What stands at moments: small flags on the ruler that the person set, and hooks where a line of text ended.
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

const HOOK_PX = { wide: 6, tall: 5, tip: 2.5, top: 2 } as const;

/** Where a pause, or the longest time that a line may last, ended a line: a broken line with the hook of the key that begins a new one. */
export function drawLineEnds(
  { context, width, height }: Surface,
  palette: Palette,
  ends: readonly number[],
  span: Span,
): void {
  const scale = pixelsPerMs(span, width);
  const { wide, tall, tip, top } = HOOK_PX;
  context.strokeStyle = palette['ink-3'];
  context.lineWidth = 1;
  for (const end of ends) {
    const x = Math.round((end - span.startMs) * scale) + 0.5;
    if (x < 0 || x > width) continue;
    const base = top + tall + 0.5;
    context.beginPath();
    context.moveTo(x, top);
    context.lineTo(x, base);
    context.lineTo(x - wide, base);
    context.moveTo(x - wide + tip, base - tip);
    context.lineTo(x - wide, base);
    context.lineTo(x - wide + tip, base + tip);
    context.stroke();
    context.setLineDash([2, 3]);
    context.beginPath();
    context.moveTo(x, base + tip);
    context.lineTo(x, height);
    context.stroke();
    context.setLineDash([]);
  }
}
