// The part of the sound that a figure shows, and how it is moved. Pure: the view holds the value.
import type { Span } from './timeAxis';

export type TimeWindow = Span;

const WHOLE_UNDER_MS = 8_000;
const FIRST_SPAN_MS = 6_000;
const SHORTEST_SPAN_MS = 400;

/** All of a short recording, the start of a long one. */
export function firstWindow(durationMs: number): TimeWindow {
  return { startMs: 0, endMs: durationMs <= WHOLE_UNDER_MS ? durationMs : FIRST_SPAN_MS };
}

export const spanOf = (window: TimeWindow): number => window.endMs - window.startMs;

/** Moved to start at `startMs`, kept inside the sound. */
export function movedTo(window: TimeWindow, startMs: number, durationMs: number): TimeWindow {
  const span = Math.min(spanOf(window), durationMs);
  const start = Math.max(0, Math.min(durationMs - span, startMs));
  return { startMs: start, endMs: start + span };
}

/** Made `factor` times as long, `aroundMs` staying where it is. */
export function zoomed(window: TimeWindow, factor: number, aroundMs: number, durationMs: number): TimeWindow {
  const span = Math.max(Math.min(SHORTEST_SPAN_MS, durationMs), Math.min(durationMs, spanOf(window) * factor));
  const inside = aroundMs >= window.startMs && aroundMs <= window.endMs ? aroundMs : window.startMs;
  const share = spanOf(window) === 0 ? 0 : (inside - window.startMs) / spanOf(window);
  return movedTo({ startMs: 0, endMs: span }, inside - share * span, durationMs);
}

/** Turned like a page when the cursor leaves it; unchanged while the cursor is inside. */
export function following(window: TimeWindow, positionMs: number, durationMs: number): TimeWindow {
  if (positionMs >= window.startMs && positionMs <= window.endMs) return window;
  return movedTo(window, positionMs - spanOf(window) * 0.05, durationMs);
}
