// The time that cells with periods count: from the sequence's own first step.
import type { Direction } from '../../app/contract/network';

/** Steps that a reading of a sequence has taken before its step at time t; negative past the end of a reverse reading. */
export const stepsHeard = (direction: Direction, t: number, length: number): number =>
  direction === 'forward' ? t : length - 1 - t;
