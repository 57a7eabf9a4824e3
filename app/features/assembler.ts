// Cepstra → frames as the network sees them: with their slopes, and normalised.
import { DeltaStage } from './deltas';
import { Normaliser } from './normalise';
import { featureDimension, type FrontEndSettings } from './settings';

/** Puts together [cepstrum, deltas, deltas of deltas] per frame as the cepstra come. */
export class FrameAssembler {
  /** D, values per frame. */
  readonly dimension: number;
  readonly #coefficients: number;
  readonly #stages: DeltaStage[];
  readonly #normaliser: Normaliser;
  /** Per order (static, deltas, …) the frames that still wait for the higher orders. */
  readonly #waiting: Float32Array[][];
  #complete: Float32Array[] = [];

  constructor(settings: FrontEndSettings) {
    this.dimension = featureDimension(settings);
    this.#coefficients = settings.coefficients;
    this.#stages = Array.from({ length: settings.deltas }, () => new DeltaStage(settings.deltaSpan));
    this.#waiting = Array.from({ length: settings.deltas + 1 }, () => []);
    this.#normaliser = new Normaliser(settings.normalisation, this.dimension);
  }

  /** Takes the next cepstra; hands back the frames that became complete, [n, D]. */
  push(cepstra: readonly Float32Array[]): Float32Array {
    for (const cepstrum of cepstra) this.#pass(cepstrum, 0);
    return this.#takeComplete();
  }

  /** The frames that still waited for what comes after them, [n, D]. */
  finish(): Float32Array {
    this.#stages.forEach((stage, order) => {
      for (const slope of stage.finish()) this.#pass(slope, order + 1);
    });
    return this.#takeComplete();
  }

  /** Hands a frame of one order to the next order, and the whole frame on once its highest order is there. */
  #pass(frame: Float32Array, order: number): void {
    (this.#waiting[order] as Float32Array[]).push(frame);
    const stage = this.#stages[order];
    if (!stage) {
      for (const frames of this.#waiting) this.#complete.push(frames.shift() as Float32Array);
      return;
    }
    const slope = stage.push(frame);
    if (slope) this.#pass(slope, order + 1);
  }

  #takeComplete(): Float32Array {
    const frames = new Float32Array(this.#complete.length * this.#coefficients);
    this.#complete.forEach((part, index) => frames.set(part, index * this.#coefficients));
    this.#complete = [];
    this.#normaliser.apply(frames);
    return frames;
  }
}
