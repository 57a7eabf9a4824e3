// What a learning test asks of a network, and what all of them share.
import type { HeadSpec } from '../../app/contract/network';
import type { LabelledBatch } from '../network/program';

export type Random = () => number;

/** Sequences of a task, drawn anew. */
export interface DrawnBatch {
  readonly batch: LabelledBatch;
  /** @param logits [T, N, C], or [1, N, C] where the head answers once. @returns how many of the drawn sequences they get right. */
  countRight(logits: Float32Array): number;
}

/** A task that no network solves without a memory, at any of several lengths. */
export interface LearningTask {
  readonly title: string;
  /** The paper it comes from. */
  readonly source: string;
  /** What a length counts. */
  readonly lengthOf: string;
  /** Lengths of the table, short ones first. */
  readonly lengths: readonly number[];
  readonly shortestLength: number;
  /** D */
  readonly inputSize: number;
  readonly head: HeadSpec;
  /** @param sequences how many to draw; the batch may have more rows. */
  draw(random: Random, length: number, sequences: number): DrawnBatch;
}

/** A whole number from `from` to `to`, both among them, all alike. */
export const wholeNumber = (random: Random, from: number, to: number): number =>
  from + Math.floor(random() * (to - from + 1));

/** Sequences of symbols as 1-of-D vectors, [T, N, D], zero past a sequence's end. */
export function oneHotBatch(
  sequences: readonly (readonly number[])[],
  D: number,
  labels: readonly Int32Array[],
): LabelledBatch {
  const N = sequences.length;
  const lengths = Int32Array.from(sequences, (symbols) => symbols.length);
  const T = Math.max(...lengths);
  const features = new Float32Array(T * N * D);
  sequences.forEach((symbols, row) => {
    symbols.forEach((symbol, t) => {
      features[(t * N + row) * D + symbol] = 1;
    });
  });
  return { features, T, N, D, lengths, labels, rowWeights: new Float32Array(N).fill(1 / N) };
}

/** Probabilities [C] out of logits [C]. */
export function softmax(logits: Float32Array): Float64Array {
  const largest = Math.max(...logits);
  const powers = Float64Array.from(logits, (value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
