// From logits to probabilities, one frame at a time, in double precision.

export type Logits = Float32Array | Float64Array;

/** ln Σ exp(x) over one row of logits, safe against overflow. */
export function logNormaliser(logits: Logits, offset: number, classes: number): number {
  let max = -Infinity;
  for (let k = 0; k < classes; k++) max = Math.max(max, logits[offset + k]!);
  let sum = 0;
  for (let k = 0; k < classes; k++) sum += Math.exp(logits[offset + k]! - max);
  return max + Math.log(sum);
}

/** Log-probabilities of every frame: logits [T, C] → [T, C]. */
export function logSoftmax(logits: Logits, frames: number, classes: number): Float64Array {
  const out = new Float64Array(frames * classes);
  for (let t = 0; t < frames; t++) {
    const offset = t * classes;
    const normaliser = logNormaliser(logits, offset, classes);
    for (let k = 0; k < classes; k++) out[offset + k] = logits[offset + k]! - normaliser;
  }
  return out;
}

/** ln(exp(a) + exp(b)). */
export function logAdd(a: number, b: number): number {
  if (a === -Infinity) return b;
  if (b === -Infinity) return a;
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}

/** Throws unless `logits` holds at least frames × classes values: a shape mistake, never a person's fault. */
export function checkLogits(logits: Logits, frames: number, classes: number): void {
  if (!Number.isInteger(frames) || frames < 0 || logits.length < frames * classes)
    throw new RangeError(`Expected ${frames} × ${classes} logits, but got ${logits.length} values`);
}
