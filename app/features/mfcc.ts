// Logarithmic mel bands and their cepstral coefficients (MFCC) by Meyda, brought to the scale of python_speech_features.
import Meyda from 'meyda';
import { unreachable } from '../errors';
import type { FrontEndSettings } from './settings';

/** What Meyda keeps on its one shared object. A private copy keeps front ends with different settings apart. */
interface MeydaInstance {
  bufferSize: number;
  sampleRate: number;
  melBands: number;
  numberOfMFCCCoefficients: number;
  windowingFunction: string;
  barkScale: Float32Array | undefined;
  melFilterBank: number[][] | undefined;
  extract(feature: 'mfcc' | 'melBands', signal: Float32Array): number[];
}

export const windowSamples = (settings: FrontEndSettings): number =>
  Math.round((settings.windowMs * settings.sampleRateHz) / 1000);
export const hopSamples = (settings: FrontEndSettings): number =>
  Math.round((settings.hopMs * settings.sampleRateHz) / 1000);

/**
 * One frame of sound to its static values: periodic Hamming window, zeros up to the next power of two (F points), power
 * spectrum |X|², HTK mel filters from 0 Hz to Nyquist, ln(E + 1); for cepstra then the orthonormal DCT-II. Samples are on
 * the 16-bit scale: there the + 1 is far below any sound. Bands are shifted by −ln F, hence c0 by −√B · ln F for B mel bands,
 * since python_speech_features divides the power spectrum by F.
 */
export class Mfcc {
  readonly coefficients: number;
  readonly #kind: FrontEndSettings['kind'];
  readonly #meyda: MeydaInstance;
  readonly #window: Float64Array;
  readonly #signal: Float32Array;
  readonly #scale: number;
  readonly #firstScale: number;
  readonly #firstShift: number;
  readonly #bandShift: number;

  constructor(settings: FrontEndSettings) {
    const length = windowSamples(settings);
    const points = 2 ** Math.ceil(Math.log2(length));
    this.coefficients = settings.coefficients;
    this.#kind = settings.kind;
    // Meyda.extract builds its filter banks on `this` when it finds none there.
    this.#meyda = {
      ...(Meyda as unknown as MeydaInstance),
      bufferSize: points,
      sampleRate: settings.sampleRateHz,
      melBands: settings.melBands,
      numberOfMFCCCoefficients: settings.coefficients,
      windowingFunction: 'rect',
      barkScale: undefined,
      melFilterBank: undefined,
    };
    this.#window = Float64Array.from({ length }, (_, n) => 0.54 - 0.46 * Math.cos((2 * Math.PI * n) / length));
    this.#signal = new Float32Array(points);
    // Meyda's DCT is 2 · Σ; orthonormal is √(2/B) · Σ, and √(1/B) · Σ for the first.
    this.#scale = Math.sqrt(1 / (2 * settings.melBands));
    this.#firstScale = Math.sqrt(1 / (4 * settings.melBands));
    this.#firstShift = -Math.sqrt(settings.melBands) * Math.log(points);
    this.#bandShift = -Math.log(points);
  }

  /** The static values of the window that begins at `start`; samples on the 16-bit scale, zero past the array's end. */
  extract(samples: Float32Array, start: number): Float32Array {
    for (let n = 0; n < this.#window.length; n++) {
      this.#signal[n] = (samples[start + n] ?? 0) * (this.#window[n] as number);
    }
    switch (this.#kind) {
      case 'mfcc':
        return this.#cepstrum();
      case 'log-mel':
        return Float32Array.from(this.#meyda.extract('melBands', this.#signal), (band) => band + this.#bandShift);
      default:
        return unreachable(this.#kind);
    }
  }

  #cepstrum(): Float32Array {
    const raw = this.#meyda.extract('mfcc', this.#signal);
    const frame = new Float32Array(this.coefficients);
    for (let index = 0; index < frame.length; index++) frame[index] = (raw[index] as number) * this.#scale;
    frame[0] = (raw[0] as number) * this.#firstScale + this.#firstShift;
    return frame;
  }
}
