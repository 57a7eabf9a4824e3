// Disturbing recordings, so that a network learns the words and not the room, the level or the pace.
import { resample } from '../../app/audio/resample';
import { toFloat, toInt16 } from '../../app/audio/samples';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { unreachable } from '../../app/errors';
import type { Augmentation } from '../../app/contract/trainingConfig';

type Random = () => number;

/** Quiet before and after a clip lies this far below full scale. */
const QUIET_DB = [-75, -55] as const;

export const between = ([low, high]: readonly [number, number], random: Random): number =>
  low + (high - low) * random();
export const amplitudeOf = (decibels: number): number => 10 ** (decibels / 20);

/**
 * The copies of a clip (16 kHz): first the clip as it is, then `augmentation.copies − 1` copies, each at its own speed and
 * level, with quiet around it, and with its own noise in part of the cases. The same random numbers give the same copies.
 */
export function disturbedCopies(pcm: Int16Array, augmentation: Augmentation, random: Random): Int16Array[] {
  const copies = [pcm];
  while (copies.length < augmentation.copies) copies.push(disturbed(pcm, augmentation, random));
  return copies;
}

function disturbed(pcm: Int16Array, augmentation: Augmentation, random: Random): Int16Array {
  let samples = changeSpeed(toFloat(pcm), between(augmentation.speed, random));
  const noiseSnrDb = between(augmentation.noiseSnrDb, random);
  const isNoisy = random() < augmentation.noiseChance;
  const noise = noiseDrawn(random);
  const power = meanPower(samples);
  samples = padWithQuiet(samples, augmentation.silenceMs, random);
  if (isNoisy) addNoise(samples, noise, power * 10 ** (-noiseSnrDb / 10), random);
  return toInt16(scale(samples, amplitudeOf(between(augmentation.gainDb, random))));
}

/** Plays faster (> 1) or slower, which shifts the pitch too. In steps of 1 %: few different filters. */
export function changeSpeed(samples: Float32Array, speed: number): Float32Array {
  const playedHz = (RECORDING_SAMPLE_RATE_HZ / 100) * Math.round(100 * speed);
  return resample(samples, playedHz, RECORDING_SAMPLE_RATE_HZ);
}

/** Multiplies in place. */
export function scale(samples: Float32Array, factor: number): Float32Array {
  for (let n = 0; n < samples.length; n++) samples[n] = (samples[n] as number) * factor;
  return samples;
}

/** Puts faint white noise of random length before and after; both lengths are drawn from `rangeMs`. */
export function padWithQuiet(samples: Float32Array, rangeMs: readonly [number, number], random: Random): Float32Array {
  const samplesOf = (milliseconds: number): number => Math.round((milliseconds * RECORDING_SAMPLE_RATE_HZ) / 1000);
  const before = samplesOf(between(rangeMs, random));
  const after = samplesOf(between(rangeMs, random));
  const padded = new Float32Array(before + samples.length + after);
  padded.set(samples, before);
  const power = amplitudeOf(between(QUIET_DB, random)) ** 2;
  addNoise(padded.subarray(0, before), 'white', power, random);
  addNoise(padded.subarray(before + samples.length), 'white', power, random);
  return padded;
}

/** Power falls by 0, 3 and 6 dB per octave. */
export type NoiseColour = 'white' | 'pink' | 'brown';
const COLOURS: readonly NoiseColour[] = ['white', 'pink', 'brown'];
export const noiseDrawn = (random: Random): NoiseColour =>
  COLOURS[Math.floor(random() * COLOURS.length)] as NoiseColour;

/** Adds noise of this mean power, in place. */
export function addNoise(samples: Float32Array, colour: NoiseColour, power: number, random: Random): void {
  const noise = colouredNoise(samples.length, colour, random);
  const factor = Math.sqrt(power / Math.max(meanPower(noise), Number.MIN_VALUE));
  for (let n = 0; n < samples.length; n++) samples[n] = (samples[n] as number) + factor * (noise[n] as number);
}

export const meanPower = (samples: Float32Array): number =>
  samples.reduce((sum, value) => sum + value * value, 0) / Math.max(1, samples.length);

/** Noise of some level, about zero. */
export function colouredNoise(length: number, colour: NoiseColour, random: Random): Float32Array {
  const filter = noiseFilter(colour);
  return Float32Array.from({ length }, () => filter(2 * random() - 1));
}

function noiseFilter(colour: NoiseColour): (white: number) => number {
  switch (colour) {
    case 'white':
      return (white) => white;
    case 'pink':
      return pinkFilter();
    case 'brown': {
      // A leaky sum, so that it stays about zero; flat below 25 Hz.
      let level = 0;
      return (white) => (level = 0.99 * level + white);
    }
    default:
      return unreachable(colour);
  }
}

/** Three first-order filters in parallel: −3 dB per octave within 0.5 dB above 20 Hz at 16 kHz (Paul Kellet's "economy" filter). */
function pinkFilter(): (white: number) => number {
  let [low, middle, high] = [0, 0, 0];
  return (white) => {
    low = 0.99765 * low + 0.099046 * white;
    middle = 0.963 * middle + 0.2965164 * white;
    high = 0.57 * high + 1.0526913 * white;
    return low + middle + high + 0.1848 * white;
  };
}
