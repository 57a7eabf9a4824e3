// Ends and marks of an axis. Both go in steps of 1, 2 and 5, so that an axis grows seldom while its curve does.

/** The least of 1, 2, 5 times a power of ten that is not under `value`. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5].find((each) => each * power >= value * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/** The greatest of 1, 2, 5 times a power of ten that is not over `value`. */
export function roundDown(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [5, 2, 1].find((each) => each * power <= value * (1 + 1e-9)) ?? 1;
  return factor * power;
}

/** Whole multiples of a round step between `low` and `high`, at most `count` steps. */
export function linearMarks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low];
  const step = roundUp((high - low) / Math.max(1, count));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

/** 1, 2 and 5 times the powers of ten between `low` and `high`; the powers alone where these were more than `count`. */
export function logMarks(low: number, high: number, count: number): number[] {
  for (const factors of [[1, 2, 5], [1]]) {
    const marks: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high) + 1e-9; power++)
      for (const factor of factors) {
        const mark = Number((factor * 10 ** power).toPrecision(12));
        if (mark >= low * (1 - 1e-9) && mark <= high * (1 + 1e-9)) marks.push(mark);
      }
    if (marks.length <= count || factors.length === 1) return marks;
  }
  return [];
}
