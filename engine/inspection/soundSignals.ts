// What the sound itself does at every step, to be compared with what units do: how loud it is, whether it has a pitch, whether
// it is silent.
import { unreachable } from '../../app/errors';

export type SoundSignal = 'energy' | 'voicing' | 'silence';

/** Where the steps lie in the sound, in samples of it. */
export interface StepGrid {
  readonly steps: number;
  readonly samplesPerStep: number;
  readonly windowSamples: number;
}

const FLOOR = 1; // one unit of the 16-bit scale, squared: digital silence has a level too
/** Steps this far below the loudest one are silent. */
const SILENT_DB = 30;
/** Pitches of voices. */
const LOWEST_HZ = 60;
const HIGHEST_HZ = 400;
const RATE_HZ = 16_000;
/** Every such sample and lag is compared: pitch lies far below half the rate. */
const STRIDE = 2;

/** Of every step, [T]. @param pcm 16 kHz mono */
export function soundSignal(kind: SoundSignal, pcm: Int16Array, grid: StepGrid): Float32Array {
  switch (kind) {
    case 'energy':
      return levels(pcm, grid);
    case 'silence': {
      const all = levels(pcm, grid);
      const loudest = all.reduce((most, level) => Math.max(most, level), -Infinity);
      return all.map((level) => (level < loudest - SILENT_DB ? 1 : 0));
    }
    case 'voicing':
      return perStep(pcm, grid, periodicity);
    default:
      return unreachable(kind);
  }
}

/** Mean power, in dB of one unit of the 16-bit scale. */
const levels = (pcm: Int16Array, grid: StepGrid): Float32Array =>
  perStep(pcm, grid, (window) => {
    const power = window.reduce((sum, value) => sum + value * value, 0) / Math.max(1, window.length);
    return 10 * Math.log10(power + FLOOR);
  });

function perStep(
  pcm: Int16Array,
  { steps, samplesPerStep, windowSamples }: StepGrid,
  of: (window: Int16Array) => number,
): Float32Array {
  return Float32Array.from({ length: steps }, (_, step) => {
    const begin = Math.round(step * samplesPerStep);
    return of(pcm.subarray(begin, begin + windowSamples));
  });
}

/** Largest normalised autocorrelation at the lag of a voice's pitch, 0 to 1. */
function periodicity(window: Int16Array): number {
  let best = 0;
  for (let lag = Math.floor(RATE_HZ / HIGHEST_HZ); lag <= RATE_HZ / LOWEST_HZ; lag += STRIDE) {
    let [product, here, there] = [0, 0, 0];
    for (let n = 0; n + lag < window.length; n += STRIDE) {
      const [a, b] = [window[n]!, window[n + lag]!];
      product += a * b;
      here += a * a;
      there += b * b;
    }
    const scale = Math.sqrt(here * there);
    if (scale > FLOOR * window.length) best = Math.max(best, product / scale);
  }
  return best;
}
