// Every path of frames × classes, one by one: slow, and right by construction.

/** Removes repeats, then blanks (the map B of Graves et al. 2006). */
export function collapse(path: readonly number[], blank: number): number[] {
  return path.filter((k, t) => k !== blank && k !== path[t - 1]);
}

/** Calls visit with each of the C^T paths; the array is reused. */
export function eachPath(frames: number, classes: number, visit: (path: readonly number[]) => void): void {
  const path = new Array<number>(frames).fill(0);
  const walk = (t: number): void => {
    if (t === frames) return visit(path);
    for (let k = 0; k < classes; k++) {
      path[t] = k;
      walk(t + 1);
    }
  };
  walk(0);
}

/** Probability of every labelling that these posteriors [T, C] can give, by its labels joined with spaces. */
export function labellingProbabilities(
  posteriors: ArrayLike<number>,
  frames: number,
  classes: number,
  blank: number,
): Map<string, number> {
  const sums = new Map<string, number>();
  eachPath(frames, classes, (path) => {
    const probability = path.reduce((product, k, t) => product * posteriors[t * classes + k]!, 1);
    const key = collapse(path, blank).join(' ');
    sums.set(key, (sums.get(key) ?? 0) + probability);
  });
  return sums;
}
