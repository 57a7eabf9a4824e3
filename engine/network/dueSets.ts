// Which units of a cell with periods are due together.

/** More sets than that, as of periods that have little in common, would each want weights of their own. */
const MAX_SETS = 16;

export interface DueSets {
  /** Units, rising, that are due together: every set but the empty one. */
  readonly sets: readonly (readonly number[])[];
  /** Index of the set that is due after `heard` steps; null where no unit is. */
  indexAfter(heard: number): number | null;
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));

/** @param periods of each unit @returns null where there are more than MAX_SETS. */
export function dueSets(periods: readonly number[]): DueSets | null {
  const clocks = [...new Set(periods)];
  const keyAt = (step: number): string => clocks.filter((clock) => step % clock === 0).join();
  // What is due at a step is due at the least common multiple of its clocks: begin with single clocks and join them.
  const steps = new Set(clocks);
  for (const step of steps) {
    for (const clock of clocks) steps.add((step / greatestDivisor(step, clock)) * clock);
    if (steps.size > MAX_SETS) return null;
  }
  const indices = new Map([...steps].map((step, index) => [keyAt(step), index]));
  return {
    sets: [...steps].map((step) => periods.flatMap((period, unit) => (step % period === 0 ? [unit] : []))),
    indexAfter: (heard) => {
      const key = keyAt(heard);
      if (key === '') return null;
      const index = indices.get(key);
      if (index === undefined) throw new Error(`Expected a set of clocks that are due after ${heard} steps`);
      return index;
    },
  };
}
