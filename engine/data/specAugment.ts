// SpecAugment: Park et al., "SpecAugment: A Simple Data Augmentation Method for Automatic Speech Recognition", 2019.
import type { Augmentation } from '../../app/contract/trainingConfig';

type Random = () => number;

/** A mask hides at most this share of an utterance, so that short ones keep their words. */
const LARGEST_TIME_SHARE = 0.2;

/**
 * Hides stretches of time and neighbouring coefficients, in place: sets them to 0, which is the mean of normalised frames.
 * A coefficient is hidden with its deltas.
 *
 * @param frames [n, D] with D a multiple of `coefficients`, normalised
 */
export function maskFrames(
  frames: Float32Array,
  shape: { readonly dimension: number; readonly coefficients: number },
  augmentation: Augmentation,
  random: Random,
): void {
  const { dimension, coefficients } = shape;
  const count = frames.length / dimension;
  const longest = Math.min(augmentation.timeMaskFrames, Math.floor(count * LARGEST_TIME_SHARE));
  for (let mask = 0; mask < augmentation.timeMasks; mask++) {
    const [start, end] = stretch(count, longest, random);
    frames.fill(0, start * dimension, end * dimension);
  }
  for (let mask = 0; mask < augmentation.coefficientMasks; mask++) {
    const [start, end] = stretch(coefficients, Math.min(augmentation.coefficientMaskWidth, coefficients), random);
    for (let order = 0; order < frames.length; order += coefficients) frames.fill(0, order + start, order + end);
  }
}

/** A stretch of 0 to `longest` places, anywhere inside `length`. */
function stretch(length: number, longest: number, random: Random): [number, number] {
  const width = Math.floor(random() * (longest + 1));
  const start = Math.floor(random() * (length - width + 1));
  return [start, start + width];
}
