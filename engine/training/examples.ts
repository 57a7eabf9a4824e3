// Single examples and padded batches of them.
import type { LabelledBatch } from '../network/program';

export interface Example {
  /** n */
  readonly frames: number;
  /** [n, D], as the network sees them. */
  readonly features: Float32Array;
  /** Classes of the transcript's symbols. */
  readonly labels: Int32Array;
}

/** Batches come in powers of two, so that few shapes are compiled; missing rows are filled with rows of weight 0. */
export const rowsOf = (examples: number): number => 2 ** Math.ceil(Math.log2(examples));

/** Time-major batch of at least `rows` rows; rows without an example have one zero frame, one label and weight 0. */
export function padBatch(examples: readonly Example[], rows: number): LabelledBatch {
  const N = Math.max(rows, examples.length);
  const first = examples[0];
  if (!first) throw new Error('Expected at least one example');
  const D = first.features.length / first.frames;
  const T = Math.max(...examples.map((example) => example.frames));
  const features = new Float32Array(T * N * D);
  const lengths = new Int32Array(N).fill(1);
  const rowWeights = new Float32Array(N);
  examples.forEach((example, row) => {
    lengths[row] = example.frames;
    rowWeights[row] = 1 / examples.length;
    for (let t = 0; t < example.frames; t++) {
      features.set(example.features.subarray(t * D, (t + 1) * D), (t * N + row) * D);
    }
  });
  // One symbol over one frame: a row that any head takes.
  const labels = Array.from({ length: N }, (_, row) => examples[row]?.labels ?? new Int32Array(1));
  return { features, T, N, D, lengths, labels, rowWeights };
}
