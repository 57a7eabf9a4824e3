// Disturbing coefficients instead of sound: cheap enough to be drawn anew for every example of every epoch.
import type { Augmentation } from '../training/config';

type Random = () => number;

/** Standard normal numbers (Box & Muller 1958). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Static coefficients [n, K] at another pace, between neighbours by straight lines; the pitch stays. */
export function changeTempo(frames: Float32Array, coefficients: number, tempo: number): Float32Array {
  const n = frames.length / coefficients;
  const count = Math.max(1, Math.round(n / tempo));
  const slower = new Float32Array(count * coefficients);
  for (let t = 0; t < count; t++) {
    const place = count === 1 ? 0 : (t * (n - 1)) / (count - 1);
    const before = Math.floor(place);
    const after = Math.min(n - 1, before + 1);
    const share = place - before;
    for (let k = 0; k < coefficients; k++) {
      const low = frames[before * coefficients + k] as number;
      slower[t * coefficients + k] = low + share * ((frames[after * coefficients + k] as number) - low);
    }
  }
  return slower;
}

/**
 * Shifts every static coefficient by its own constant, as another microphone and room would, and adds a little noise to
 * every value; in place. frames [n, D], normalised, so that both sizes are in standard deviations.
 */
export function shiftChannel(
  frames: Float32Array,
  shape: { readonly dimension: number; readonly coefficients: number },
  { channelShift, frameNoise }: Augmentation,
  random: Random,
): void {
  const { dimension, coefficients } = shape;
  const shift = Float32Array.from({ length: coefficients }, () => channelShift * normal(random));
  for (let start = 0; start < frames.length; start += dimension) {
    for (let d = 0; d < dimension; d++) {
      const constant = d < coefficients ? (shift[d] as number) : 0;
      frames[start + d] = (frames[start + d] as number) + constant + frameNoise * normal(random);
    }
  }
}
