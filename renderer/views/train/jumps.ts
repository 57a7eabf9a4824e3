// Where the gradient of a recurrent network exploded, and what became of it: the steps at which its loss curve is jagged.

/** Clipping shrinks gradients again and again; only so many times its threshold is worth a word. */
const TIMES_THRESHOLD = 3;
/** And only so many times what was usual just before: a warm-up is clipped at every step. */
const TIMES_USUAL = 4;
const USUAL_STEPS = 100;
/** Of jumps nearer to each other than this the largest stands for all. */
const APART_STEPS = 50;
const MOST_JUMPS = 24;
/** A loss that rose by less than this share was not disturbed. */
const UNDISTURBED = 0.1;
/** It has to rise within so many steps to have risen because of the gradient. */
const RISE_STEPS = 30;

export interface Jump {
  readonly step: number;
  /** Of the whole gradient before clipping. */
  readonly norm: number;
  /** Norm over the threshold of clipping, or without one over what was usual before. */
  readonly times: number;
  /** The part with the largest share of the squared norm, and that share; null where norms of parts were not kept. */
  readonly part: { readonly index: number; readonly share: number } | null;
  readonly aftermath: Aftermath;
}
/** What the smoothed loss did: stayed, rose and came back after so many steps, or is still above. */
export type Aftermath =
  { readonly kind: 'undisturbed' } | { readonly kind: 'back'; readonly steps: number } | { readonly kind: 'above' };

export interface JumpSource {
  readonly gradientNorm: Float32Array;
  /** Smoothed, [steps]. */
  readonly smoothedLoss: Float32Array;
  /** Of clipping by norm; null where gradients are not clipped so. */
  readonly threshold: number | null;
  readonly partNormsAt: (step: number) => Float32Array;
}

/** The largest jumps of a run, in the order of their steps. */
export function jumpsOf(source: JumpSource): Jump[] {
  const { gradientNorm, threshold } = source;
  const found: { step: number; norm: number; usual: number }[] = [];
  // A geometric mean: one explosion does not become the usual.
  let usualLog = NaN;
  for (let step = 0; step < gradientNorm.length; step++) {
    const norm = gradientNorm[step]!;
    if (!(norm > 0)) continue;
    const usual = Math.exp(usualLog);
    const isHigh = norm > TIMES_USUAL * usual && (threshold === null || norm > TIMES_THRESHOLD * threshold);
    if (isHigh && step >= USUAL_STEPS / 2) keepLargest(found, { step, norm, usual });
    const weight = 1 / Math.min(USUAL_STEPS, step + 1);
    usualLog = Number.isNaN(usualLog) ? Math.log(norm) : usualLog + weight * (Math.log(norm) - usualLog);
  }
  return found
    .sort((a, b) => b.norm - a.norm)
    .slice(0, MOST_JUMPS)
    .sort((a, b) => a.step - b.step)
    .map(({ step, norm, usual }) => ({
      step,
      norm,
      times: norm / (threshold ?? usual),
      part: largestPart(source.partNormsAt(step)),
      aftermath: aftermathOf(source.smoothedLoss, step),
    }));
}

function keepLargest(
  found: { step: number; norm: number; usual: number }[],
  jump: { step: number; norm: number; usual: number },
): void {
  const last = found[found.length - 1];
  if (!last || jump.step - last.step >= APART_STEPS) found.push(jump);
  else if (jump.norm > last.norm) found[found.length - 1] = jump;
}

function largestPart(norms: Float32Array): Jump['part'] {
  const squares = [...norms].map((norm) => norm * norm);
  const sum = squares.reduce((all, square) => all + square, 0);
  if (!(sum > 0)) return null;
  const index = squares.indexOf(Math.max(...squares));
  return { index, share: squares[index]! / sum };
}

function aftermathOf(loss: Float32Array, step: number): Aftermath {
  const before = loss[step - 1] ?? NaN;
  const limit = before * (1 + UNDISTURBED);
  let rise = step;
  while (rise < loss.length && rise < step + RISE_STEPS && !(loss[rise]! > limit)) rise++;
  if (rise >= loss.length || rise >= step + RISE_STEPS) return { kind: 'undisturbed' };
  // Back is where it comes down through its old height, not a first dip under the limit.
  for (let at = rise; at < loss.length; at++) if (loss[at]! <= before) return { kind: 'back', steps: at - step };
  return { kind: 'above' };
}
