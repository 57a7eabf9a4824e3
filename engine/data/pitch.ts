// Another pitch at the same pace: resampled, which changes both, then brought back to its length by waveform similarity
// overlap-add (Verhelst & Roelands 1993, "An overlap-add technique based on waveform similarity (WSOLA)").
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { resample } from '../../app/audio/resample';

const samplesOf = (ms: number): number => Math.round((ms * RECORDING_SAMPLE_RATE_HZ) / 1000);
/** Windows of 32 ms, overlapping by half; each may be looked for so far from its place. */
const WINDOW = samplesOf(32);
const HOP = WINDOW / 2;
const SEARCH = samplesOf(8);
/** Every such sample is compared: enough to find the best place, and far cheaper. */
const COMPARED_STEP = 4;

/** Semitones up (> 0) or down; the length stays. In steps of 1 % of the rate, so that few filters are made. */
export function changePitch(samples: Float32Array, semitones: number): Float32Array {
  const percent = Math.round(100 * 2 ** (semitones / 12));
  if (percent === 100 || samples.length < 2 * WINDOW) return samples.slice();
  const shifted = resample(samples, (RECORDING_SAMPLE_RATE_HZ / 100) * percent, RECORDING_SAMPLE_RATE_HZ);
  return stretch(shifted, samples.length);
}

/** The sound at another length, its pitch as it was. */
export function stretch(samples: Float32Array, length: number): Float32Array {
  const stretched = new Float32Array(length);
  const weights = new Float32Array(length);
  const ratio = samples.length / length;
  let natural = 0;
  for (let at = 0; at < length; at += HOP) {
    const wanted = Math.round(at * ratio);
    const from = at === 0 ? 0 : bestPlace(samples, natural, wanted);
    for (let n = 0; n < WINDOW && at + n < length; n++) {
      const weight = 0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / WINDOW);
      stretched[at + n] = (stretched[at + n] as number) + weight * (samples[from + n] ?? 0);
      weights[at + n] = (weights[at + n] as number) + weight;
    }
    natural = from + HOP;
  }
  return stretched.map((value, n) => value / Math.max(weights[n] as number, 1e-3));
}

/** Near `wanted`, the place from which the sound goes on most as it would have from `natural` on. */
function bestPlace(samples: Float32Array, natural: number, wanted: number): number {
  let [best, bestScore] = [wanted, -Infinity];
  const last = Math.max(0, samples.length - HOP);
  for (let place = Math.max(0, wanted - SEARCH); place <= Math.min(last, wanted + SEARCH); place++) {
    let score = 0;
    for (let n = 0; n < HOP; n += COMPARED_STEP) score += (samples[place + n] ?? 0) * (samples[natural + n] ?? 0);
    if (score > bestScore) [best, bestScore] = [place, score];
  }
  return best;
}
