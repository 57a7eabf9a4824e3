// From a source's samples to what is stored and what the network sees. The features are those of the stored 16-bit sound,
// so the same recording read from disk gives the very same numbers.
import { Resampler } from '../../app/audio/resample';
import { toInt16 } from '../../app/audio/samples';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { StreamingFrontEnd } from '../../app/features/frontEnd';
import type { FrontEndSettings } from '../../app/features/settings';
import { levelOf, type Level } from './level';
import type { CapturedChunk } from './soundLog';

export interface HeardChunk extends CapturedChunk {
  readonly level: Level;
}

export class FeaturePipeline {
  readonly #frontEnd: StreamingFrontEnd;
  #resampler: Resampler | null = null;
  #rateHz = 0;

  constructor(settings: FrontEndSettings) {
    this.#frontEnd = new StreamingFrontEnd(settings);
  }

  /**
   * @param samples mono, −1…1
   * @param rateHz their rate; another one than before means another device, and what the last one left comes first
   */
  push(samples: Float32Array, rateHz: number): HeardChunk[] {
    const left = rateHz === this.#rateHz ? [] : this.#changeRate(rateHz);
    const resampled = this.#resampler?.push(samples) ?? samples;
    return [...left, ...this.#hear(resampled)];
  }

  /** The end: the last sound, and the frames that only become complete by it. */
  finish(): { readonly chunks: HeardChunk[]; readonly tail: Float32Array } {
    const chunks = this.#hear(this.#resampler?.finish() ?? new Float32Array(0));
    return { chunks, tail: this.#frontEnd.finish() };
  }

  #changeRate(rateHz: number): HeardChunk[] {
    const left = this.#hear(this.#resampler?.finish() ?? new Float32Array(0));
    this.#rateHz = rateHz;
    this.#resampler = new Resampler(rateHz, RECORDING_SAMPLE_RATE_HZ);
    return left;
  }

  #hear(samples: Float32Array): HeardChunk[] {
    if (samples.length === 0) return [];
    const pcm = toInt16(samples);
    return [{ pcm, frames: this.#frontEnd.push(pcm), level: levelOf(pcm) }];
  }
}
