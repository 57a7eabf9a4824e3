// Mean subtraction over what a network hears at once: a microphone, a room or a telephone multiplies the spectrum, which adds a
// constant to every logarithmic band and to every cepstral coefficient; the mean holds it (Atal 1974; Furui 1981).
//
// The mean over a short word holds the word's own sounds too. A share of it takes less of them away; the level, which says
// nothing of either, goes whole. A floor tied to the loudest band makes noisy and clean recordings alike below it.
import { unreachable } from '../errors';
import { loudnessNats } from './loudness';
import { featureDimension, type FrontEndSettings, type Normalisation } from './settings';

type WindowMean = Extract<Normalisation, { readonly kind: 'window-mean' }>;

/** Frames whose mean log power lies this far (in nats; 26 dB) below the window's loudest say nothing of the channel. */
const AUDIBLE_NATS = 6;

/**
 * Raises, in place, what is below the floor, and subtracts from every static value its mean over the audible frames, drawn
 * towards 0 by `priorFrames` frames of the training mean: of the level all, of the rest the settings' share. Slopes have no
 * mean to take. With another normalisation nothing is changed.
 *
 * @param frames [n, D], normalised by the training statistics
 */
export function subtractWindowMean(frames: Float32Array, settings: FrontEndSettings): void {
  const { normalisation, coefficients } = settings;
  if (normalisation.kind !== 'window-mean' || frames.length === 0) return;
  const dimension = featureDimension(settings);
  if (normalisation.floorNats !== undefined) raiseToFloor(frames, normalisation, normalisation.floorNats);
  const taken = takenAway(audibleMean(frames, settings, normalisation), settings, normalisation);
  for (let at = 0; at < frames.length; at += dimension) {
    for (let k = 0; k < coefficients; k++) frames[at + k] = (frames[at + k] as number) - (taken[k] as number);
  }
}

/** @param frames [n, bands] */
function raiseToFloor(frames: Float32Array, { mean, standardDeviation }: WindowMean, floorNats: number): void {
  const bands = mean.length;
  const at = (index: number, k: number): number =>
    (frames[index] as number) * (standardDeviation[k] as number) + (mean[k] as number);
  let loudest = -Infinity;
  for (let index = 0; index < frames.length; index++) loudest = Math.max(loudest, at(index, index % bands));
  const floors = mean.map((value, k) => (loudest - floorNats - value) / (standardDeviation[k] as number));
  for (let index = 0; index < frames.length; index++)
    frames[index] = Math.max(frames[index] as number, floors[index % bands] as number);
}

/** [K] */
function audibleMean(frames: Float32Array, settings: FrontEndSettings, normalisation: WindowMean): Float64Array {
  const dimension = featureDimension(settings);
  const loudness: number[] = [];
  for (let at = 0; at < frames.length; at += dimension)
    loudness.push(loudnessNats(frames, at, settings, normalisation));
  const audible = loudness.reduce((most, value) => Math.max(most, value)) - AUDIBLE_NATS;
  const sum = new Float64Array(settings.coefficients);
  let count = normalisation.priorFrames;
  loudness.forEach((value, t) => {
    if (value < audible) return;
    count++;
    for (let k = 0; k < sum.length; k++) sum[k] = (sum[k] as number) + (frames[t * dimension + k] as number);
  });
  return sum.map((value) => value / count);
}

/** Of the mean [K], what is subtracted: the level, which is c0 of cepstra and the same number of nats of every band, and a share of the rest. */
function takenAway(
  mean: Float64Array,
  settings: FrontEndSettings,
  { standardDeviation, meanShare = 1 }: WindowMean,
): Float64Array {
  switch (settings.kind) {
    case 'mfcc':
      return mean.map((value, k) => (k === 0 ? value : meanShare * value));
    case 'log-mel': {
      const level = mean.reduce((sum, value, k) => sum + value * (standardDeviation[k] as number), 0) / mean.length;
      return mean.map((value, k) => meanShare * value + ((1 - meanShare) * level) / (standardDeviation[k] as number));
    }
    default:
      return unreachable(settings.kind);
  }
}
