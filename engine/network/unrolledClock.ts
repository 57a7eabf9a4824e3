// A Clockwork's periods as a loop sees them whose body takes several steps.

export interface UnrolledClock {
  /** U, the steps of one body. */
  readonly steps: number;
  /** Of each step of the body how many modules, from the fastest on, are updated or may be. */
  readonly due: readonly number[];
  /** Bodies from one update to the next, of each module; more than 1 where the period is longer than the body. */
  readonly bodies: readonly number[];
}

/** Twice as many take twice as long to compile and save nothing that can be measured: docs/measured.md, Cells. */
const MAX_STEPS = 6;

/**
 * The longest body of at most MAX_STEPS steps with which every period fits, as a divisor of its steps or as a multiple, and
 * at whose every step a slow module is due with all faster ones.
 * @returns null where no more than one step fits, or nothing is saved.
 */
export function unrolledClock(periods: readonly number[]): UnrolledClock | null {
  for (let steps = MAX_STEPS; steps > 1; steps--) {
    const isFitting = periods.every((period) => steps % period === 0 || period % steps === 0);
    const isNested = periods.every((period, k) => k === 0 || period % periods[k - 1]! === 0);
    if (!isFitting || !isNested) continue;
    const due = Array.from({ length: steps }, (_, step) => periods.filter((period) => step % period === 0).length);
    if (due.every((modules) => modules === periods.length)) continue;
    return {
      steps,
      due,
      bodies: periods.map((period) => Math.max(1, period / steps)),
    };
  }
  return null;
}
