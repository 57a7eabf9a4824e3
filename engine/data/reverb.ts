// Rooms: a sound heard through an impulse response, of a file or made of noise that decays (Moorer 1979, "About this reverberation
// business": exponentially decaying white noise sounds like a hall).
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';

type Random = () => number;

/** Of the reverberant part to the direct one, so that the words stay words. */
const REVERBERANT_DB = -9;
/** A response is cut there: what comes later is not heard over speech. */
const LONGEST_SECONDS = 1;

/** The direct sound, then white noise that falls by 60 dB in `seconds`. */
export function decayingNoise(seconds: number, random: Random): Float32Array {
  const length = Math.max(1, Math.round(Math.min(seconds, LONGEST_SECONDS) * RECORDING_SAMPLE_RATE_HZ));
  const perSample = 10 ** (-3 / (seconds * RECORDING_SAMPLE_RATE_HZ));
  const response = Float32Array.from({ length }, (_, n) => (2 * random() - 1) * perSample ** n);
  const energy = response.reduce((sum, value) => sum + value * value, 0);
  const factor = Math.sqrt(10 ** (REVERBERANT_DB / 10) / energy);
  for (let n = 0; n < length; n++) response[n] = factor * (response[n] as number);
  response[0] = 1;
  return response;
}

/** A response of a file as it is used: from its loudest sample on, at most one second, that sample 1. */
export function preparedResponse(samples: Float32Array): Float32Array {
  const peak = samples.reduce((most, value, n) => (Math.abs(value) > Math.abs(samples[most] as number) ? n : most), 0);
  const loudest = samples[peak] ?? 0;
  if (loudest === 0) return Float32Array.of(1);
  return samples.slice(peak, peak + LONGEST_SECONDS * RECORDING_SAMPLE_RATE_HZ).map((value) => value / loudest);
}

/** The convolution, cut to the sound's own length, at the sound's own power. By blocks of Fourier transforms (overlap-add). */
export function reverberated(samples: Float32Array, response: Float32Array): Float32Array {
  const size = 2 ** Math.ceil(Math.log2(2 * Math.max(1024, response.length)));
  const block = size - response.length + 1;
  const filter = transformOf(response, size);
  const wet = new Float32Array(samples.length);
  for (let start = 0; start < samples.length; start += block) {
    const part = transformOf(samples.subarray(start, start + block), size);
    for (let k = 0; k < size; k++) {
      const [a, b, c, d] = [part.re[k]!, part.im[k]!, filter.re[k]!, filter.im[k]!];
      part.re[k] = a * c - b * d;
      // Conjugated: the transform of the conjugate is the conjugate of the inverse, but for the factor.
      part.im[k] = -(a * d + b * c);
    }
    transform(part);
    for (let n = 0; n < size && start + n < wet.length; n++)
      wet[start + n] = (wet[start + n] as number) + part.re[n]! / size;
  }
  const factor = Math.sqrt(energyOf(samples) / Math.max(energyOf(wet), Number.MIN_VALUE));
  return wet.map((value) => factor * value);
}

const energyOf = (samples: Float32Array): number => samples.reduce((sum, value) => sum + value * value, 0);

interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

function transformOf(samples: Float32Array, size: number): Complex {
  const numbers = { re: new Float64Array(size), im: new Float64Array(size) };
  numbers.re.set(samples);
  transform(numbers);
  return numbers;
}

/** In place, radix 2 (Cooley & Tukey 1965); the length is a power of two. */
function transform({ re, im }: Complex): void {
  const size = re.length;
  for (let i = 1, j = 0; i < size; i++) {
    let bit = size >> 1;
    for (; (j & bit) !== 0; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i >= j) continue;
    [re[i], re[j]] = [re[j]!, re[i]!];
    [im[i], im[j]] = [im[j]!, im[i]!];
  }
  for (let length = 2; length <= size; length *= 2) {
    const half = length / 2;
    for (let k = 0; k < half; k++) {
      const angle = (-2 * Math.PI * k) / length;
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
      for (let at = k; at < size; at += length) {
        const [re1, im1] = [
          re[at + half]! * cosine - im[at + half]! * sine,
          re[at + half]! * sine + im[at + half]! * cosine,
        ];
        re[at + half] = re[at]! - re1;
        im[at + half] = im[at]! - im1;
        re[at] = re[at]! + re1;
        im[at] = im[at]! + im1;
      }
    }
  }
}
