// Truncated backpropagation through time: long sequences are learned part by part, the state is carried over and no gradient
// flows back into it (Williams & Peng, "An Efficient Gradient-Based Algorithm for On-Line Training of Recurrent Network
// Trajectories", Neural Computation 1990: BPTT(h; h′) with h = h′).
import type { NetworkSpec } from '../../app/contract/network';
import { statesOf, type CarriedStates } from '../network/carriedStates';
import type { LabelledBatch, NetworkProgram, TrainStepOptions, TrainStepResult } from '../network/program';

export interface TruncatedOptions {
  /** Steps of a part: how far gradients flow back. */
  readonly steps: number;
  /** The options of each part's update. @param part counted from 0 */
  readonly optionsOf: (part: number) => TrainStepOptions;
  /** The states after the sequences' earlier parts; null: these are their beginnings. */
  readonly before: CarriedStates | null;
}
export interface TruncatedResult {
  /** One update for each part. */
  readonly parts: readonly TrainStepResult[];
  /** The states at each sequence's end; null where every part was skipped and there were none before. */
  readonly after: CarriedStates | null;
}

/**
 * One pass over a batch of a framewise network of forward layers, one update for each part. With parts at least as long as the
 * batch it is one whole training step.
 * @throws Error where the parts' length would disturb a layer's clock: a bug of the caller.
 */
export async function trainTruncated(
  program: NetworkProgram,
  spec: NetworkSpec,
  batch: LabelledBatch,
  { steps, optionsOf, before }: TruncatedOptions,
): Promise<TruncatedResult> {
  checkSteps(spec, steps);
  const parts: TrainStepResult[] = [];
  let states = before;
  for (let start = 0; start < batch.T; start += steps) {
    const { after, ...result } = await program.trainPart(partOf(batch, start, steps), optionsOf(parts.length), states);
    parts.push(result);
    // A part that was skipped may have left states that are not finite.
    if (!result.isSkipped) states = runningRows(spec, batch, start, states, after);
  }
  return { parts, after: states };
}

/**
 * A batch learned part by part from its beginning, told as one step: the parts' losses together, the root mean square of their norms.
 * What dropout drops for a whole sequence stays the same in all parts.
 */
export async function trainedInParts(
  program: NetworkProgram,
  spec: NetworkSpec,
  batch: LabelledBatch,
  { steps, learningRate, seed }: TrainStepOptions & { readonly steps: number },
): Promise<TrainStepResult> {
  const optionsOf = (part: number) => ({
    learningRate,
    seed: (seed + part * PART_SEED_STEP) % 2 ** 31,
    sequenceSeed: seed,
  });
  const { parts } = await trainTruncated(program, spec, batch, { steps, optionsOf, before: null });
  return {
    loss: parts.reduce((sum, { loss }) => sum + loss, 0),
    gradientNorm: rootMeanSquare(parts.map(({ gradientNorm }) => gradientNorm)),
    partNorms: parts[0]!.partNorms.map((_, k) => rootMeanSquare(parts.map(({ partNorms }) => partNorms[k]!))),
    isSkipped: parts.some(({ isSkipped }) => isSkipped),
  };
}
const rootMeanSquare = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
/** Parts apart in the seeds, so that their dropout differs. */
const PART_SEED_STEP = 15_485_863;

function checkSteps({ layers }: NetworkSpec, steps: number): void {
  if (!(Number.isInteger(steps) && steps >= 1))
    throw new Error(`Expected parts of at least one step, but got ${steps}`);
  for (const layer of layers)
    if (layer.cell === 'clockwork' && layer.periods.some((period) => steps % period !== 0))
      throw new Error(`Expected parts of a multiple of the periods ${layer.periods.join()}, but got ${steps} steps`);
}

/** Steps start … start + steps of a batch. Rows that ended before have one step without weight. */
function partOf(batch: LabelledBatch, start: number, steps: number): LabelledBatch {
  const { N, D, lengths, labels, rowWeights } = batch;
  const T = Math.min(steps, batch.T - start);
  const hasEnded = (row: number): boolean => lengths[row]! <= start;
  return {
    features: batch.features.subarray(start * N * D, (start + T) * N * D),
    T,
    N,
    D,
    lengths: lengths.map((length) => Math.max(1, Math.min(T, length - start))),
    labels: labels.map((row, n) => (hasEnded(n) ? new Int32Array(1) : row.subarray(start, start + T))),
    rowWeights: rowWeights.map((weight, n) => (hasEnded(n) ? 0 : weight)),
  };
}

/** The states after a part; those of rows that had ended before it stay. */
function runningRows(
  spec: NetworkSpec,
  { N, lengths }: LabelledBatch,
  start: number,
  before: CarriedStates | null,
  after: CarriedStates,
): CarriedStates {
  if (before === null) return after;
  return new Map(
    statesOf(spec).map(({ key, size }) => {
      const values = after.get(key)!.slice();
      for (let n = 0; n < N; n++)
        if (lengths[n]! <= start) values.set(before.get(key)!.subarray(n * size, (n + 1) * size), n * size);
      return [key, values];
    }),
  );
}
