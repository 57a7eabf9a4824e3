// Disturbing recordings, so that a network learns the words and not the room, the level or the pace.
import { resample } from '../../app/audio/resample';
import { toFloat, toInt16 } from '../../app/audio/samples';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { unreachable } from '../../app/errors';
import type { Augmentation } from '../../app/contract/trainingConfig';

import { changePitch } from './pitch';
import { decayingNoise, reverberated } from './reverb';

type Random = () => number;

/** Quiet before and after a clip lies this far below full scale. */
const QUIET_DB = [-75, -55] as const;

export const between = ([low, high]: readonly [number, number], random: Random): number =>
  low + (high - low) * random();
export const amplitudeOf = (decibels: number): number => 10 ** (decibels / 20);

/** Recordings of the person's own that disturbances draw from; where there are none, noise is coloured and rooms are made. */
export interface SoundSources {
  /** Of all of them together; null where there are none. */
  readonly key: string | null;
  /** 16 kHz, full scale ±1. */
  readonly noises: readonly Float32Array[];
  readonly responses: readonly Float32Array[];
}
export const NO_SOURCES: SoundSources = { key: null, noises: [], responses: [] };

/**
 * The copies of a clip (16 kHz): first the clip as it is, then `augmentation.copies − 1` copies, each at its own speed, pitch and
 * level, with quiet around it, and with its own room and noise in part of the cases. The same random numbers give the same copies.
 */
export function disturbedCopies(
  pcm: Int16Array,
  augmentation: Augmentation,
  random: Random,
  sources: SoundSources = NO_SOURCES,
): Int16Array[] {
  const copies = [pcm];
  while (copies.length < augmentation.copies) copies.push(disturbed(pcm, augmentation, random, sources));
  return copies;
}

function disturbed(pcm: Int16Array, augmentation: Augmentation, random: Random, sources: SoundSources): Int16Array {
  const kept = withoutEdges(withoutFaintEdges(toFloat(pcm), augmentation, random), augmentation, random);
  let samples = changeSpeed(kept, between(augmentation.speed, random));
  const noiseSnrDb = between(augmentation.noiseSnrDb, random);
  const isNoisy = random() < augmentation.noiseChance;
  const noise = noiseDrawn(random);
  const [lowest, highest] = augmentation.pitchSemitones;
  if (lowest !== 0 || highest !== 0) samples = changePitch(samples, between([lowest, highest], random));
  const power = meanPower(samples);
  samples = padWithQuiet(samples, augmentation.silenceMs, random);
  if (augmentation.reverbChance > 0 && random() < augmentation.reverbChance)
    samples = reverberated(samples, responseDrawn(augmentation, random, sources));
  if (isNoisy) mixNoise(samples, { colour: noise, power: power * 10 ** (-noiseSnrDb / 10), sources }, random);
  return toInt16(scale(samples, amplitudeOf(between(augmentation.gainDb, random))));
}

/** Loudness is measured over so many samples, 10 ms. */
const LOUDNESS_SAMPLES = RECORDING_SAMPLE_RATE_HZ / 100;

/** From the first to the last 10 ms that are not faint, in part of the cases. */
function withoutFaintEdges(samples: Float32Array, augmentation: Augmentation, random: Random): Float32Array {
  if (augmentation.faintEdgeChance === 0 || random() >= augmentation.faintEdgeChance) return samples;
  const powers: number[] = [];
  for (let start = 0; start < samples.length; start += LOUDNESS_SAMPLES)
    powers.push(meanPower(samples.subarray(start, start + LOUDNESS_SAMPLES)));
  const loudest = powers.reduce((most, power) => Math.max(most, power), 0);
  const level = loudest * amplitudeOf(-between(augmentation.edgeLevelDb, random)) ** 2;
  const isLoud = (power: number): boolean => power >= level;
  const [first, last] = [powers.findIndex(isLoud), powers.findLastIndex(isLoud)];
  return samples.subarray(first * LOUDNESS_SAMPLES, (last + 1) * LOUDNESS_SAMPLES);
}

/** Largest share of a clip that is cut away of one end. */
const LARGEST_EDGE = 1 / 6;

/** Some recorders begin and end inside a word's faint first and last sounds. */
function withoutEdges(samples: Float32Array, { edgeCutMs }: Augmentation, random: Random): Float32Array {
  if (edgeCutMs[1] === 0) return samples;
  const drawn = (): number => Math.round((between(edgeCutMs, random) * RECORDING_SAMPLE_RATE_HZ) / 1000);
  const longest = Math.floor(samples.length * LARGEST_EDGE);
  return samples.subarray(Math.min(drawn(), longest), samples.length - Math.min(drawn(), longest));
}

function responseDrawn({ reverbSeconds }: Augmentation, random: Random, { responses }: SoundSources): Float32Array {
  if (responses.length === 0) return decayingNoise(between(reverbSeconds, random), random);
  return responses[Math.floor(random() * responses.length)] as Float32Array;
}

/** In place: a stretch of a recorded noise, gone through again where it is shorter; where there is none, noise of the colour. */
function mixNoise(
  samples: Float32Array,
  { colour, power, sources }: { readonly colour: NoiseColour; readonly power: number; readonly sources: SoundSources },
  random: Random,
): void {
  if (sources.noises.length === 0) return addNoise(samples, colour, power, random);
  const noise = sources.noises[Math.floor(random() * sources.noises.length)] as Float32Array;
  const start = Math.floor(random() * noise.length);
  const stretch = samples.map((_, n) => noise[(start + n) % noise.length] as number);
  const factor = Math.sqrt(power / Math.max(meanPower(stretch), Number.MIN_VALUE));
  for (let n = 0; n < samples.length; n++) samples[n] = (samples[n] as number) + factor * (stretch[n] as number);
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
