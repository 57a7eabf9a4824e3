// What a network answers to many examples, in batches of like length.
import { answersEveryFrame, type NetworkSpec } from '../../app/contract/network';
import type { LabelledBatch, NetworkProgram } from '../network/program';
import { stepCount } from '../network/stack';
import { padBatch, rowsOf, type Example } from './examples';

/** Rows of a batch, fewer where there are fewer examples; one shape serves all that are about as long. */
const MOST_ROWS = 16;

/** Rows of a batch of so many examples. */
export const validationRows = (examples: number): number => Math.min(MOST_ROWS, rowsOf(examples));

/** The examples from short to long, so many at a time. @param indices of the examples, in the order of the batch's rows */
export function* batchesByLength(
  examples: readonly Example[],
): Generator<{ readonly batch: LabelledBatch; readonly indices: readonly number[] }> {
  const ordered = [...examples.keys()].sort((a, b) => examples[a]!.frames - examples[b]!.frames);
  const rows = validationRows(ordered.length);
  for (let start = 0; start < ordered.length; start += rows) {
    const indices = ordered.slice(start, start + rows);
    yield {
      batch: padBatch(
        indices.map((index) => examples[index]!),
        rows,
      ),
      indices,
    };
  }
}

/** One row's own logits out of a batch's: [steps, C], or [1, C] where the head answers once. */
export function rowLogits(
  spec: NetworkSpec,
  logits: Float32Array,
  { N, row, frames }: { readonly N: number; readonly row: number; readonly frames: number },
): Float32Array {
  const C = spec.head.classes;
  const steps = answersEveryFrame(spec.head) ? stepCount(spec, frames) : 1;
  const own = new Float32Array(steps * C);
  for (let t = 0; t < steps; t++) own.set(logits.subarray((t * N + row) * C, (t * N + row + 1) * C), t * C);
  return own;
}

/** The logits of every example, in their order. */
export async function answersTo(
  spec: NetworkSpec,
  program: NetworkProgram,
  examples: readonly Example[],
): Promise<Float32Array[]> {
  const answers = new Array<Float32Array>(examples.length);
  for (const { batch, indices } of batchesByLength(examples)) {
    const logits = await program.logits(batch);
    indices.forEach((index, row) => {
      answers[index] = rowLogits(spec, logits, { N: batch.N, row, frames: examples[index]!.frames });
    });
  }
  return answers;
}
