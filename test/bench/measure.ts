// Timing by turns: all contenders share every slow and every quiet moment of the machine.
import { setTimeout as pause } from 'node:timers/promises';

export interface Contender {
  readonly name: string;
  /** Works once and tells how long that took, in milliseconds. */
  readonly runMs: () => Promise<number>;
  /** Rounds that it takes part in; slow ones take part in few. */
  readonly maxRounds?: number;
  readonly dispose: () => void;
}
export interface Measured {
  readonly name: string;
  readonly minMs: number;
  readonly medianMs: number;
  readonly runs: number;
}
export interface MeasureOptions {
  readonly rounds: number;
  /** Runs of one contender in each round. */
  readonly repeats?: number;
}

const WARM_UP_RUNS = 2;
/** Once its runs have taken so long together, a contender takes part in no further round. */
const MAX_SPENT_MS = 8_000;
/** Threads of the contender before may still be looking for work. */
const BETWEEN_MS = 10;

/** Makes a runMs of what does not time itself. */
export const timed = (run: () => unknown) => async (): Promise<number> => {
  const start = performance.now();
  await run();
  return performance.now() - start;
};

/** Runs every contender unmeasured first, then all of them in turns, slow ones less often; disposes them. */
export async function measureByTurns(
  contenders: readonly Contender[],
  { rounds, repeats = 1 }: MeasureOptions,
): Promise<Measured[]> {
  const times = contenders.map((): number[] => []);
  const spentMs = contenders.map(() => 0);
  const isSpent = (index: number): boolean => spentMs[index]! > MAX_SPENT_MS;
  try {
    for (const [index, { runMs }] of contenders.entries())
      for (let k = 0; k < WARM_UP_RUNS && spentMs[index]! < MAX_SPENT_MS / 4; k++) spentMs[index]! += await runMs();
    for (let round = 0; round < rounds; round++) {
      for (const [index, { runMs, maxRounds = rounds }] of contenders.entries()) {
        if (round >= maxRounds || (round > 0 && isSpent(index))) continue;
        await pause(BETWEEN_MS);
        for (let k = 0; k < repeats; k++) {
          const ms = await runMs();
          times[index]?.push(ms);
          spentMs[index]! += ms;
        }
      }
    }
  } finally {
    for (const contender of contenders) contender.dispose();
  }
  return contenders.map(({ name }, index) => ({ name, ...summaryOf(times[index] ?? []) }));
}

function summaryOf(times: readonly number[]): Omit<Measured, 'name'> {
  return { minMs: Math.min(...times), medianMs: quantile(times, 0.5), runs: times.length };
}

/** The smallest value that at least this share of all values does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
