// What the figures of a take under way draw, all at one time.
import type { Span } from '../../charts/timeAxis';

export interface LiveMoment {
  readonly span: Span;
  /** Nothing is drawn after it. */
  readonly untilMs: number;
}
export type LivePainter = (moment: LiveMoment) => void;
