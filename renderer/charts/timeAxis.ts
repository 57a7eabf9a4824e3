// Time from left to right, and its ruler. Every figure of a view shares one span.
import type { Palette, Surface } from './canvas';

/** What a figure shows: from `startMs` at its left edge to `endMs` at its right. */
export interface Span {
  readonly startMs: number;
  readonly endMs: number;
}

export const pixelsPerMs = (span: Span, width: number): number => width / (span.endMs - span.startMs);

/** The now-line stands at this fraction of the figure; what is right of it is the future, and empty. */
export const NOW_FRACTION = 0.9;

/** The span that puts `nowMs` under the now-line. */
export function spanAround(nowMs: number, lengthMs: number): Span {
  return { startMs: nowMs - NOW_FRACTION * lengthMs, endMs: nowMs + (1 - NOW_FRACTION) * lengthMs };
}

/**
 * A span that rests while time runs through it and turns by a quarter, for people who asked for less motion.
 * Time stands between 65 % and 90 % of it.
 */
export function pagedSpan(nowMs: number, lengthMs: number): Span {
  const page = lengthMs / 4;
  return spanAround(Math.ceil(nowMs / page) * page, lengthMs);
}

/** 0:12.5, from an hour on 1:00:12.5; seconds without tenths where they are whole steps. */
function mark(ms: number, hasTenths: boolean): string {
  const seconds = (Math.round(ms / 100) % 600) / 10;
  const minutes = Math.floor(Math.round(ms / 100) / 600);
  const text = hasTenths ? seconds.toFixed(1).padStart(4, '0') : seconds.toFixed(0).padStart(2, '0');
  if (minutes < 60) return `${minutes}:${text}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${text}`;
}

/** Distance of named marks: as close as they can be read. */
function stepMs(span: Span, width: number): number {
  const steps = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000];
  return steps.find((step) => step * pixelsPerMs(span, width) >= 64) ?? 3_600_000;
}

const MINOR_MARKS = 5;

export function drawRuler({ context, width, height }: Surface, palette: Palette, span: Span, fontPx: number): void {
  const scale = pixelsPerMs(span, width);
  const step = stepMs(span, width);
  const minor = step / MINOR_MARKS;
  context.font = `${fontPx}px ${palette['font-mono']}`;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  for (let index = Math.ceil(span.startMs / minor); index * minor <= span.endMs; index++) {
    const isNamed = index % MINOR_MARKS === 0;
    const x = Math.round((index * minor - span.startMs) * scale);
    const length = isNamed ? 7 : 4;
    context.globalAlpha = isNamed ? 1 : 0.55;
    context.fillStyle = palette[isNamed ? 'ink-3' : 'ink-off'];
    context.fillRect(x, height - length, 1, length);
    context.globalAlpha = 1;
    const label = mark(index * minor, step < 1_000);
    if (isNamed && index >= 0 && x + 4 + context.measureText(label).width <= width)
      context.fillText(label, x + 4, height / 2 - 2);
  }
}
