// Logits for the tests: of a path of classes, or drawn at random with the runs and blanks of a trained network.
import fc from 'fast-check';

/** Logits [T, C] whose posterior at frame t is `posterior` for path[t] and shared equally by the other classes. */
export function logitsOfPath(path: readonly number[], classes: number, posterior = 0.9): Float32Array {
  const logits = new Float32Array(path.length * classes);
  path.forEach((classIndex, t) => {
    for (let k = 0; k < classes; k++)
      logits[t * classes + k] = Math.log(k === classIndex ? posterior : (1 - posterior) / (classes - 1));
  });
  return logits;
}

/** A path of runs, each of 1 to maxRun frames. */
export const pathOfRuns = (classes: number, maxRuns: number, maxRun: number): fc.Arbitrary<number[]> =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: classes - 1 }), fc.integer({ min: 1, max: maxRun })), {
      maxLength: maxRuns,
    })
    .map((runs) => runs.flatMap(([classIndex, length]) => new Array<number>(length).fill(classIndex)));

/** Logits of such a path, disturbed a little. */
export const noisyLogits = (classes: number, maxRuns: number, maxRun: number): fc.Arbitrary<Float32Array> =>
  fc
    .tuple(pathOfRuns(classes, maxRuns, maxRun), fc.integer({ min: 1, max: 1000 }))
    .map(([path, seed]) => logitsOfPath(path, classes).map((value, i) => value + Math.sin(seed * (i + 1) * 12.9898)));

/** Cuts n frames into chunks of the given sizes, again and again; sizes may be 0. */
export function chunkSizes(frames: number, sizes: readonly number[]): number[] {
  const chunks: number[] = [];
  for (let i = 0, taken = 0; taken < frames; i++) {
    const size = Math.min(sizes[i % sizes.length]!, frames - taken);
    chunks.push(size);
    taken += size;
  }
  return chunks;
}

/** Calls visit with each chunk of logits [n, C]. */
export function eachChunk(
  logits: Float32Array,
  classes: number,
  sizes: readonly number[],
  visit: (chunk: Float32Array, n: number) => void,
): void {
  let from = 0;
  for (const n of chunkSizes(logits.length / classes, sizes)) {
    visit(logits.slice(from * classes, (from + n) * classes), n);
    from += n;
  }
}

/** Chunk sizes, at least one of them above 0. */
export const someSizes = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 5 })
  .map((sizes) => [...sizes, 1]);
