// Timing by turns: all contenders share every slow and every quiet moment of the machine.

export interface Contender {
  readonly name: string;
  run(): unknown;
  dispose(): void;
}
export interface Measured {
  readonly name: string;
  readonly minMs: number;
  readonly medianMs: number;
}

/**
 * Runs each contender `warmUp` times unmeasured, then all of them in turns.
 * @param repeats runs of one contender in each round; the slow ones may get fewer rounds by a time budget.
 */
export async function measureByTurns(
  contenders: readonly Contender[],
  { rounds = 10, warmUp = 2, repeats = 1, budgetMs = 20_000 } = {},
): Promise<Measured[]> {
  const times = contenders.map((): number[] => []);
  for (const contender of contenders) for (let k = 0; k < warmUp; k++) await contender.run();
  const end = performance.now() + budgetMs;
  for (let round = 0; round < rounds && (round === 0 || performance.now() < end); round++) {
    for (const [index, contender] of contenders.entries()) {
      for (let k = 0; k < repeats; k++) {
        const start = performance.now();
        await contender.run();
        times[index]?.push(performance.now() - start);
      }
    }
  }
  for (const contender of contenders) contender.dispose();
  return contenders.map(({ name }, index) => {
    const sorted = (times[index] ?? []).toSorted((a, b) => a - b);
    return { name, minMs: sorted[0] ?? NaN, medianMs: sorted[sorted.length >> 1] ?? NaN };
  });
}
