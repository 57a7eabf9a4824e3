// The steps that the figures of a run show, and how they are moved. Pure: the view holds the value.
import { roundUp } from './axisSteps';
import { spanLength, type StepSpan } from './envelope';

const FEWEST_STEPS = 10;
const FIRST_END = 100;

/**
 * All steps of a run, with room that grows in steps of 1, 2, 5 while it goes on.
 * @param planned steps of the whole run, null where unknown
 */
export function wholeSpan(done: number, planned: number | null, isOver: boolean): StepSpan {
  if (isOver && done > 0) return { from: 0, to: Math.max(1, done) };
  const room = Math.max(FIRST_END, roundUp(Math.max(1, done)));
  return { from: 0, to: planned === null ? room : Math.max(done, Math.min(planned, room)) };
}

/** Made `factor` times as long, the step `around` staying where it is; null where all of `whole` would be seen. */
export function zoomedSpan(span: StepSpan, factor: number, around: number, whole: StepSpan): StepSpan | null {
  const length = Math.max(FEWEST_STEPS, spanLength(span) * factor);
  if (length >= spanLength(whole)) return null;
  const share = (around - span.from) / spanLength(span);
  return movedSpan({ from: 0, to: length }, around - share * length, whole);
}

/** Moved to begin at `from`, inside `whole`. */
export function movedSpan(span: StepSpan, from: number, whole: StepSpan): StepSpan {
  const length = Math.min(spanLength(span), spanLength(whole));
  const start = Math.max(whole.from, Math.min(whole.to - length, from));
  return { from: start, to: start + length };
}

/** From one step to another, in either order; null where they are the same. */
export function selectedSpan(one: number, other: number, whole: StepSpan): StepSpan | null {
  const from = Math.max(whole.from, Math.min(one, other));
  const to = Math.min(whole.to, Math.max(one, other));
  if (to - from >= FEWEST_STEPS) return { from, to };
  return to > from ? movedSpan({ from: 0, to: FEWEST_STEPS }, (from + to - FEWEST_STEPS) / 2, whole) : null;
}
