// Another vocal tract for the same words: the frequency axis stretched by a factor (Jaitly & Hinton 2013, "Vocal tract length
// perturbation improves speech recognition"), done on static frames.
//
// Log mel bands are read at stretched frequencies by a matrix W: band b at the place where its centre, times the factor, lies.
// A cepstrum of K coefficients is a smooth log spectrum over B mel bands. Back to the bands, read at stretched frequencies,
// and forth again are three matrices, hence one of [K, K] per factor: M = C · W · Cᵀ, with C the first K rows of the
// orthonormal DCT-II.
import type { FrontEndSettings } from '../../app/features/settings';

const MEL_SCALE = 1125;
const MEL_CORNER_HZ = 700;
const melOf = (hz: number): number => MEL_SCALE * Math.log(1 + hz / MEL_CORNER_HZ);
const hzOf = (mel: number): number => MEL_CORNER_HZ * (Math.exp(mel / MEL_SCALE) - 1);

/** Centre of a mel band, from 0. */
export const bandCentreHz = ({ melBands, sampleRateHz }: FrontEndSettings, band: number): number =>
  hzOf(((band + 1) * melOf(sampleRateHz / 2)) / (melBands + 1));

/** Factors are rounded to this, so that few matrices are made. */
const STEP = 0.01;

export class VocalTract {
  readonly #settings: FrontEndSettings;
  readonly #matrices = new Map<number, Float64Array>();

  constructor(settings: FrontEndSettings) {
    this.#settings = settings;
  }

  /** Static frames [n, K] as a tract shorter (factor < 1) or longer (> 1) by that factor would give them. */
  stretch(frames: Float32Array, factor: number): Float32Array {
    const K = this.#settings.coefficients;
    const matrix = this.#matrix(Math.round(factor / STEP));
    const stretched = new Float32Array(frames.length);
    for (let start = 0; start < frames.length; start += K) {
      for (let row = 0; row < K; row++) {
        let sum = 0;
        for (let column = 0; column < K; column++) {
          sum += (matrix[row * K + column] as number) * (frames[start + column] as number);
        }
        stretched[start + row] = sum;
      }
    }
    return stretched;
  }

  #matrix(steps: number): Float64Array {
    let matrix = this.#matrices.get(steps);
    if (!matrix) {
      matrix = warpMatrix(this.#settings, steps * STEP);
      this.#matrices.set(steps, matrix);
    }
    return matrix;
  }
}

/** M, or W where the static values are the bands themselves, [K, K]. */
function warpMatrix(settings: FrontEndSettings, factor: number): Float64Array {
  const { kind, coefficients: K, melBands: B, sampleRateHz } = settings;
  const matrix = new Float64Array(K * K);
  if (kind === 'log-mel') {
    for (let band = 0; band < B; band++) {
      const place = stretchedPlace(band, B, sampleRateHz, factor);
      const below = Math.floor(place);
      matrix[band * K + below] = 1 - (place - below);
      if (place > below) matrix[band * K + below + 1] = place - below;
    }
    return matrix;
  }
  const cosine = (k: number, b: number): number =>
    Math.sqrt((k === 0 ? 1 : 2) / B) * Math.cos((Math.PI * k * (b + 0.5)) / B);
  for (let band = 0; band < B; band++) {
    const place = stretchedPlace(band, B, sampleRateHz, factor);
    const below = Math.floor(place);
    const above = Math.min(B - 1, below + 1);
    for (let column = 0; column < K; column++) {
      const read = (1 - (place - below)) * cosine(column, below) + (place - below) * cosine(column, above);
      for (let row = 0; row < K; row++) {
        matrix[row * K + column] = (matrix[row * K + column] as number) + cosine(row, band) * read;
      }
    }
  }
  return matrix;
}

/** Where among the bands the centre of `band`, times the factor, lies; the ends hold. */
function stretchedPlace(band: number, bands: number, sampleRateHz: number, factor: number): number {
  const melPerBand = melOf(sampleRateHz / 2) / (bands + 1);
  const place = melOf(hzOf((band + 1) * melPerBand) * factor) / melPerBand - 1;
  return Math.min(bands - 1, Math.max(0, place));
}
