// Disturbing coefficients instead of sound: cheap enough to be drawn anew for every example of every epoch.
import { unreachable } from '../../app/errors';
import type { FrontEndSettings } from '../../app/features/settings';
import type { Augmentation } from '../../app/contract/trainingConfig';
import { bandCentreHz } from './vocalTract';

type Random = () => number;

/** What a frame's values are: `coefficients` static ones, then their slopes; D in all. */
export interface FrameShape {
  readonly kind: FrontEndSettings['kind'];
  readonly dimension: number;
  readonly coefficients: number;
}

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

/** What a telephone hands on ends here: half of its 8 kHz. */
const TELEPHONE_HZ = 4000;

/**
 * Static log-mel frames [n, K] as over a telephone, in place: bands above 4 kHz have what silence has there. Other frames stay.
 * @param silence [K]
 */
export function limitToTelephone(frames: Float32Array, silence: Float32Array, settings: FrontEndSettings): void {
  const { kind, coefficients } = settings;
  if (kind !== 'log-mel') return;
  for (let band = 0; band < coefficients; band++) {
    if (bandCentreHz(settings, band) < TELEPHONE_HZ) continue;
    for (let at = band; at < frames.length; at += coefficients) frames[at] = silence[band] as number;
  }
}

/** Cosines over the bands that a channel's frequency response is made of, and how much less each has than the one before. */
const RESPONSE_COSINES = 6;
const RESPONSE_DECLINE = 0.3;

/** A constant for every static value, as another microphone and room would add it: of cepstra each its own, of bands a smooth curve. */
function channelResponse({ kind, coefficients }: FrameShape, size: number, random: Random): Float32Array {
  switch (kind) {
    case 'mfcc':
      return Float32Array.from({ length: coefficients }, () => size * normal(random));
    case 'log-mel': {
      const weights = Array.from(
        { length: RESPONSE_COSINES },
        (_, order) => (size * normal(random)) / (1 + RESPONSE_DECLINE * order),
      );
      return Float32Array.from({ length: coefficients }, (_, band) =>
        weights.reduce((sum, weight, order) => sum + weight * Math.cos((Math.PI * order * band) / coefficients), 0),
      );
    }
    default:
      return unreachable(kind);
  }
}

/**
 * Adds a channel's response to the static values, and a little noise to every value; in place. frames [n, D], normalised, so
 * that both sizes are in standard deviations.
 */
export function shiftChannel(
  frames: Float32Array,
  shape: FrameShape,
  { channelShift, frameNoise }: Augmentation,
  random: Random,
): void {
  const { dimension, coefficients } = shape;
  const shift = channelResponse(shape, channelShift, random);
  for (let start = 0; start < frames.length; start += dimension) {
    for (let d = 0; d < dimension; d++) {
      const constant = d < coefficients ? (shift[d] as number) : 0;
      frames[start + d] = (frames[start + d] as number) + constant + frameNoise * normal(random);
    }
  }
}
