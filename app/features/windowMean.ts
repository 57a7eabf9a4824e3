// Mean subtraction over what a network hears at once: a microphone, a room or a telephone multiplies the spectrum, which adds a
// constant to every logarithmic band and to every cepstral coefficient; the mean holds it (Atal 1974; Furui 1981).
import { loudnessNats } from './loudness';
import { featureDimension, type FrontEndSettings } from './settings';

/** Frames whose mean log power lies this far (in nats; 26 dB) below the window's loudest say nothing of the channel. */
const AUDIBLE_NATS = 6;

/**
 * Subtracts, in place, from every static value its mean over the audible frames, drawn towards 0 by `priorFrames`
 * frames of the training mean. Slopes have no mean to take. With another normalisation nothing is changed.
 *
 * @param frames [n, D], normalised by the training statistics
 */
export function subtractWindowMean(frames: Float32Array, settings: FrontEndSettings): void {
  const { normalisation, coefficients } = settings;
  if (normalisation.kind !== 'window-mean' || frames.length === 0) return;
  const dimension = featureDimension(settings);
  const loudness: number[] = [];
  for (let at = 0; at < frames.length; at += dimension)
    loudness.push(loudnessNats(frames, at, settings, normalisation));
  const audible = loudness.reduce((most, value) => Math.max(most, value)) - AUDIBLE_NATS;
  const sum = new Float64Array(coefficients);
  let count = normalisation.priorFrames;
  loudness.forEach((value, t) => {
    if (value < audible) return;
    count++;
    for (let k = 0; k < coefficients; k++) sum[k] = (sum[k] as number) + (frames[t * dimension + k] as number);
  });
  for (let at = 0; at < frames.length; at += dimension) {
    for (let k = 0; k < coefficients; k++) frames[at + k] = (frames[at + k] as number) - (sum[k] as number) / count;
  }
}
