// The one front end: sound as it is recorded → frames as the network sees them. A whole file takes the same way as a stream.
import { Resampler } from '../audio/resample';
import { RECORDING_SAMPLE_RATE_HZ } from '../contract/messages';
import { DeltaStage } from './deltas';
import { hopSamples, Mfcc, windowSamples } from './mfcc';
import { Normaliser } from './normalise';
import { featureDimension, type FrontEndSettings } from './settings';

/** Frames that became complete together: one after the other, D values each. */
class FrameBatch {
  readonly #frames: Float32Array[] = [];
  readonly #dimension: number;

  constructor(dimension: number) {
    this.#dimension = dimension;
  }

  add(parts: readonly Float32Array[]): void {
    const frame = new Float32Array(this.#dimension);
    let at = 0;
    for (const part of parts) {
      frame.set(part, at);
      at += part.length;
    }
    this.#frames.push(frame);
  }

  /** [n, D] */
  join(): Float32Array {
    const joined = new Float32Array(this.#frames.length * this.#dimension);
    this.#frames.forEach((frame, index) => joined.set(frame, index * this.#dimension));
    return joined;
  }
}

/**
 * Features of a sound as it comes. Input is 16 kHz mono, 16 bits: what is stored and what is heard live are then the same
 * numbers. How the sound is cut into pieces changes no bit of the frames.
 *
 * Frame t covers samples [t · hop, t · hop + window) at the settings' rate. A frame leaves as soon as the sound under it and
 * the lookAheadFrames(settings) frames after it are there.
 */
export class StreamingFrontEnd {
  /** D, values per frame. */
  readonly dimension: number;
  readonly #settings: FrontEndSettings;
  readonly #resampler: Resampler;
  readonly #mfcc: Mfcc;
  readonly #window: number;
  readonly #hop: number;
  readonly #stages: DeltaStage[];
  readonly #normaliser: Normaliser;
  /** Samples from the start of the next frame on. */
  #pending = new Float32Array(0);
  #framesStarted = 0;
  /** Per order (static, deltas, …) the frames that still wait for the higher orders. */
  readonly #waiting: Float32Array[][];
  #hasSound = false;
  #isFinished = false;

  constructor(settings: FrontEndSettings) {
    this.dimension = featureDimension(settings);
    this.#settings = settings;
    this.#resampler = new Resampler(RECORDING_SAMPLE_RATE_HZ, settings.sampleRateHz);
    this.#mfcc = new Mfcc(settings);
    this.#window = windowSamples(settings);
    this.#hop = hopSamples(settings);
    this.#stages = Array.from({ length: settings.deltas }, () => new DeltaStage(settings.deltaSpan));
    this.#waiting = Array.from({ length: settings.deltas + 1 }, () => []);
    this.#normaliser = new Normaliser(settings.normalisation, this.dimension);
  }

  /** Takes the next samples; hands back the frames that became complete, [n, D]. */
  push(pcm: Int16Array): Float32Array {
    if (this.#isFinished) throw new Error('Expected no sound after the end');
    this.#hasSound ||= pcm.length > 0;
    const batch = new FrameBatch(this.dimension);
    this.#takeSamples(this.#resampler.push(new Float32Array(pcm)), batch);
    return this.#normalised(batch);
  }

  /**
   * The end of the sound: appends the settings' silence, completes the last frame with zeros, and hands back the frames
   * that were still waiting, [n, D]. A sound of not one sample has no frames.
   */
  finish(): Float32Array {
    if (this.#isFinished) throw new Error('Expected one end');
    this.#isFinished = true;
    const batch = new FrameBatch(this.dimension);
    if (!this.#hasSound) return batch.join();
    const tail = new Float32Array(Math.round((this.#settings.tailMs * RECORDING_SAMPLE_RATE_HZ) / 1000));
    this.#takeSamples(this.#resampler.push(tail), batch);
    this.#takeSamples(this.#resampler.finish(), batch);
    if (this.#isAnySoundUncovered()) this.#pass(this.#mfcc.extract(this.#pending, 0), 0, batch);
    this.#flushStages(batch);
    return this.#normalised(batch);
  }

  #takeSamples(samples: Float32Array, batch: FrameBatch): void {
    const joined = new Float32Array(this.#pending.length + samples.length);
    joined.set(this.#pending);
    joined.set(samples, this.#pending.length);
    let start = 0;
    for (; start + this.#window <= joined.length; start += this.#hop) {
      this.#pass(this.#mfcc.extract(joined, start), 0, batch);
      this.#framesStarted++;
    }
    this.#pending = joined.slice(start);
  }

  /** Whether samples are left that no frame has covered. Before the first frame that is any sample at all. */
  #isAnySoundUncovered(): boolean {
    const coveredBefore = this.#framesStarted > 0 ? this.#window - this.#hop : 0;
    return this.#pending.length > coveredBefore;
  }

  /** Hands a frame of one order to the next order, and the whole frame out once its highest order is there. */
  #pass(frame: Float32Array, order: number, batch: FrameBatch): void {
    (this.#waiting[order] as Float32Array[]).push(frame);
    const stage = this.#stages[order];
    if (!stage) {
      batch.add(this.#waiting.map((frames) => frames.shift() as Float32Array));
      return;
    }
    const slope = stage.push(frame);
    if (slope) this.#pass(slope, order + 1, batch);
  }

  #flushStages(batch: FrameBatch): void {
    this.#stages.forEach((stage, order) => {
      for (const slope of stage.finish()) this.#pass(slope, order + 1, batch);
    });
  }

  #normalised(batch: FrameBatch): Float32Array {
    const frames = batch.join();
    this.#normaliser.apply(frames);
    return frames;
  }
}

/** Frames of a whole sound (16 kHz mono), [count, dimension]: the very ones that the stream gives. */
export function extractFeatures(
  pcm: Int16Array,
  settings: FrontEndSettings,
): { frames: Float32Array; count: number; dimension: number } {
  const frontEnd = new StreamingFrontEnd(settings);
  const body = frontEnd.push(pcm);
  const end = frontEnd.finish();
  const frames = new Float32Array(body.length + end.length);
  frames.set(body);
  frames.set(end, body.length);
  return { frames, count: frames.length / frontEnd.dimension, dimension: frontEnd.dimension };
}
