// Sound → cepstra, one per hop: what comes before deltas and normalisation.
import { Resampler } from '../audio/resample';
import { RECORDING_SAMPLE_RATE_HZ } from '../contract/messages';
import { hopSamples, Mfcc, windowSamples } from './mfcc';
import type { FrontEndSettings } from './settings';

/** Cepstra of a sound (16 kHz, mono, 16 bits) as it comes, each of `coefficients` values. */
export class StaticFrames {
  readonly #tailMs: number;
  readonly #resampler: Resampler;
  readonly #mfcc: Mfcc;
  readonly #window: number;
  readonly #hop: number;
  /** Samples from the start of the next frame on. */
  #pending = new Float32Array(0);
  #framesTaken = 0;
  #hasSound = false;
  #isFinished = false;

  constructor(settings: FrontEndSettings) {
    this.#tailMs = settings.tailMs;
    this.#resampler = new Resampler(RECORDING_SAMPLE_RATE_HZ, settings.sampleRateHz);
    this.#mfcc = new Mfcc(settings);
    this.#window = windowSamples(settings);
    this.#hop = hopSamples(settings);
  }

  /** Takes the next samples; hands back the frames that became complete. */
  push(pcm: Int16Array): Float32Array[] {
    if (this.#isFinished) throw new Error('Expected no sound after the end');
    this.#hasSound ||= pcm.length > 0;
    return this.#take(this.#resampler.push(new Float32Array(pcm)));
  }

  /**
   * The end of the sound: appends the settings' silence, and completes the last frame with zeros. A sound of not one sample
   * has no frames.
   */
  finish(): Float32Array[] {
    if (this.#isFinished) throw new Error('Expected one end');
    this.#isFinished = true;
    if (!this.#hasSound) return [];
    const tail = new Float32Array(Math.round((this.#tailMs * RECORDING_SAMPLE_RATE_HZ) / 1000));
    const frames = [...this.#take(this.#resampler.push(tail)), ...this.#take(this.#resampler.finish())];
    if (this.#isAnySoundUncovered()) frames.push(this.#mfcc.extract(this.#pending, 0));
    return frames;
  }

  #take(samples: Float32Array): Float32Array[] {
    const joined = new Float32Array(this.#pending.length + samples.length);
    joined.set(this.#pending);
    joined.set(samples, this.#pending.length);
    const frames: Float32Array[] = [];
    let start = 0;
    for (; start + this.#window <= joined.length; start += this.#hop) frames.push(this.#mfcc.extract(joined, start));
    this.#framesTaken += frames.length;
    this.#pending = joined.slice(start);
    return frames;
  }

  /** Whether samples are left that no frame has covered. Before the first frame that is any sample at all. */
  #isAnySoundUncovered(): boolean {
    const covered = this.#framesTaken > 0 ? this.#window - this.#hop : 0;
    return this.#pending.length > covered;
  }
}
