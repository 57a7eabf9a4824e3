// Cepstral mean subtraction over what a network hears at once: a microphone, a room or a telephone multiplies the spectrum,
// which adds a constant to every cepstral coefficient; the mean holds it (Atal 1974; Furui 1981).
import { featureDimension, type FrontEndSettings } from './settings';

/** Frames whose mean log power lies this far (in nats; 26 dB) below the window's loudest say nothing of the channel. */
const AUDIBLE_NATS = 6;

/**
 * Subtracts, in place, from every static coefficient its mean over the audible frames, drawn towards 0 by `priorFrames`
 * frames of the training mean. Slopes have no mean to take. With another normalisation nothing is changed.
 *
 * @param frames [n, D], normalised by the training statistics
 */
export function subtractWindowMean(frames: Float32Array, settings: FrontEndSettings): void {
  const { normalisation, coefficients, melBands } = settings;
  if (normalisation.kind !== 'window-mean' || frames.length === 0) return;
  const dimension = featureDimension(settings);
  // c0 is the sum over B bands divided by √B, here in standard deviations.
  const audible = (AUDIBLE_NATS * Math.sqrt(melBands)) / (normalisation.standardDeviation[0] as number);
  let loudest = -Infinity;
  for (let at = 0; at < frames.length; at += dimension) loudest = Math.max(loudest, frames[at] as number);
  const sum = new Float64Array(coefficients);
  let count = normalisation.priorFrames;
  for (let at = 0; at < frames.length; at += dimension) {
    if ((frames[at] as number) < loudest - audible) continue;
    count++;
    for (let k = 0; k < coefficients; k++) sum[k] = (sum[k] as number) + (frames[at + k] as number);
  }
  for (let at = 0; at < frames.length; at += dimension) {
    for (let k = 0; k < coefficients; k++) frames[at + k] = (frames[at + k] as number) - (sum[k] as number) / count;
  }
}
