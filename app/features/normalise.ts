// Bringing every dimension to mean 0 and deviation 1, by rules that a live stream can follow.
import { unreachable } from '../errors';
import type { Normalisation } from './settings';

/** Applies a normalisation to frames in their order; carries the running mean from call to call. */
export class Normaliser {
  readonly #settings: Normalisation;
  readonly #dimension: number;
  readonly #mean: Float64Array;
  readonly #deviation: Float64Array;
  readonly #memory: number;

  /** @throws Error where the statistics are not of `dimension` values. */
  constructor(settings: Normalisation, dimension: number) {
    this.#settings = settings;
    this.#dimension = dimension;
    const statistics = settings.kind === 'none' ? null : settings;
    this.#mean = Float64Array.from(statistics?.mean ?? []);
    this.#deviation = Float64Array.from(statistics?.standardDeviation ?? []);
    this.#memory = settings.kind === 'running-mean' ? Math.exp(-1 / settings.timeConstantFrames) : 1;
    if (statistics && (this.#mean.length !== dimension || this.#deviation.length !== dimension)) {
      throw new Error(`Expected statistics of ${dimension} values, but got ${this.#mean.length}`);
    }
  }

  /** frames [n, D], changed in place. */
  apply(frames: Float32Array): void {
    switch (this.#settings.kind) {
      case 'none':
        return;
      case 'training-statistics':
      case 'window-mean':
        return this.#scale(frames);
      case 'running-mean':
        return this.#follow(frames);
      default:
        unreachable(this.#settings);
    }
  }

  #scale(frames: Float32Array): void {
    for (let at = 0, d = 0; at < frames.length; at++) {
      frames[at] = ((frames[at] as number) - (this.#mean[d] as number)) / (this.#deviation[d] as number);
      if (++d === this.#dimension) d = 0;
    }
  }

  #follow(frames: Float32Array): void {
    for (let at = 0, d = 0; at < frames.length; at++) {
      const value = frames[at] as number;
      const mean = this.#memory * (this.#mean[d] as number) + (1 - this.#memory) * value;
      this.#mean[d] = mean;
      frames[at] = (value - mean) / (this.#deviation[d] as number);
      if (++d === this.#dimension) d = 0;
    }
  }
}

/** A dimension that never changes in the data is left as it is, instead of being divided by nothing. */
const SMALLEST_DEVIATION = 1e-6;

/**
 * Mean and (population) standard deviation of every dimension over frames [n, D], in one pass (Welford 1962).
 * @throws Error where there is not a single frame.
 */
export function measureNormalisation(
  frameArrays: Iterable<Float32Array>,
  dimension: number,
): { mean: number[]; standardDeviation: number[] } {
  const mean = new Float64Array(dimension);
  const squares = new Float64Array(dimension);
  let count = 0;
  for (const frames of frameArrays) {
    for (let start = 0; start < frames.length; start += dimension) {
      count++;
      for (let d = 0; d < dimension; d++) {
        const value = frames[start + d] as number;
        const before = value - (mean[d] as number);
        mean[d] = (mean[d] as number) + before / count;
        squares[d] = (squares[d] as number) + before * (value - (mean[d] as number));
      }
    }
  }
  if (count === 0) throw new Error('Expected at least one frame');
  const deviations = Array.from(squares, (sum) => Math.sqrt(sum / count));
  return {
    mean: [...mean],
    standardDeviation: deviations.map((deviation) => (deviation < SMALLEST_DEVIATION ? 1 : deviation)),
  };
}
