import { describe, expect, it } from 'vitest';
import {
  addNoise,
  changeSpeed,
  colouredNoise,
  disturbedCopies,
  meanPower,
  padWithQuiet,
  scale,
  type NoiseColour,
} from '../../../engine/data/augment';
import { makeRandom } from '../../../engine/runtime/random';
import type { Augmentation } from '../../../app/contract/trainingConfig';

const tone = (frequencyHz: number, samples: number): Float32Array =>
  Float32Array.from({ length: samples }, (_, n) => 0.3 * Math.sin((2 * Math.PI * frequencyHz * n) / 16_000));
const amplitudeAt = (samples: Float32Array, frequencyHz: number): number => {
  let [re, im] = [0, 0];
  samples.forEach((value, n) => {
    re += value * Math.cos((2 * Math.PI * frequencyHz * n) / 16_000);
    im += value * Math.sin((2 * Math.PI * frequencyHz * n) / 16_000);
  });
  return (2 * Math.hypot(re, im)) / samples.length;
};
const augmentation: Augmentation = {
  copies: 4,
  speed: [0.9, 1.1],
  pitchSemitones: [0, 0],
  gainDb: [-6, 6],
  reverbChance: 0,
  reverbSeconds: [0.2, 0.4],
  noiseSnrDb: [10, 20],
  noiseSet: null,
  responseSet: null,
  noiseChance: 0.5,
  faintEdgeChance: 0,
  edgeLevelDb: [9, 30],
  edgeCutMs: [0, 0],
  silenceMs: [0, 100],
  tempo: [1, 1],
  vocalTract: [1, 1],
  channelShift: 0,
  telephoneChance: 0,
  frameNoise: 0,
  timeMasks: 0,
  timeMaskFrames: 0,
  coefficientMasks: 0,
  coefficientMaskWidth: 0,
};
const clip = Int16Array.from(tone(500, 4_000), (value) => value * 32_768);

describe('copies of a clip', () => {
  it('begin with the clip as it is', () => {
    const copies = disturbedCopies(clip, augmentation, makeRandom(1));
    expect(copies).toHaveLength(4);
    expect(copies[0]).toEqual(clip);
  });

  it('differ from each other', () => {
    const copies = disturbedCopies(clip, augmentation, makeRandom(1)).map((copy) => copy.join());
    expect(new Set(copies).size).toBe(4);
  });

  it('follow from the seed', () => {
    const [first, again, other] = [5, 5, 6].map((seed) => disturbedCopies(clip, augmentation, makeRandom(seed)));
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
  });
});

describe('cut edges', () => {
  const plain: Augmentation = {
    ...augmentation,
    copies: 2,
    speed: [1, 1],
    gainDb: [0, 0],
    noiseChance: 0,
    silenceMs: [0, 0],
  };
  const ramp = Int16Array.from({ length: 4_800 }, (_, n) => n);
  const cut = (edgeCutMs: [number, number]): Int16Array =>
    disturbedCopies(ramp, { ...plain, edgeCutMs }, makeRandom(1))[1]!;

  it('leave out so many milliseconds of either end', () => {
    const rest = cut([20, 20]);
    expect([rest[0], rest.at(-1)]).toEqual([320, 4_800 - 320 - 1]);
  });

  it('are drawn apart for the two ends', () => {
    const rest = cut([0, 40]);
    expect(rest[0]).not.toBe(4_800 - 1 - rest.at(-1)!);
  });

  it('go where the clip is faint, as far as the level that is drawn says', () => {
    // 100 ms each at −40, −20, 0, −30 dB.
    const steps = Int16Array.from({ length: 6_400 }, (_, n) => [200, 2_000, 20_000, 632][Math.floor(n / 1_600)]!);
    const kept = (level: number, faintEdgeChance = 1): number =>
      disturbedCopies(steps, { ...plain, faintEdgeChance, edgeLevelDb: [level, level] }, makeRandom(1))[1]!.length;
    expect([10, 25, 35, 50].map((level) => kept(level))).toEqual([1_600, 3_200, 4_800, 6_400]);
    expect(kept(10, 0)).toBe(6_400);
  });

  it('never take more than a sixth', () => {
    const rest = cut([200, 200]);
    expect([rest[0], rest.at(-1)]).toEqual([800, 4_000 - 1]);
  });
});

describe('speed', () => {
  it('shortens the clip and raises the pitch', () => {
    const faster = changeSpeed(tone(500, 16_000), 1.1);
    expect(faster.length).toBe(Math.ceil(16_000 / 1.1));
    expect(amplitudeAt(faster, 550)).toBeGreaterThan(0.29);
  });

  it('of 1 changes nothing', () => {
    const samples = tone(500, 100);
    expect(changeSpeed(samples, 1)).toEqual(samples);
  });
});

it('scales', () => {
  expect([...scale(new Float32Array([1, -2]), 0.5)]).toEqual([0.5, -1]);
});

describe('quiet', () => {
  it('is put before and after, and is faint', () => {
    const padded = padWithQuiet(tone(500, 1_600), [100, 100], makeRandom(3));
    expect(padded.length).toBe(1_600 + 3_200);
    expect(padded.slice(1_600, 3_200)).toEqual(tone(500, 1_600));
    for (const quiet of [padded.subarray(0, 1_600), padded.subarray(3_200)]) {
      expect(10 * Math.log10(meanPower(quiet))).toBeGreaterThan(-76);
      expect(10 * Math.log10(meanPower(quiet))).toBeLessThan(-54);
    }
  });

  it('of length 0 is nothing', () => {
    expect(padWithQuiet(tone(500, 10), [0, 0], makeRandom(3))).toEqual(tone(500, 10));
  });
});

describe('noise', () => {
  it.each<NoiseColour>(['white', 'pink', 'brown'])('that is %s has the wanted power', (colour) => {
    const samples = new Float32Array(8_000);
    addNoise(samples, colour, 0.01, makeRandom(2));
    expect(meanPower(samples)).toBeCloseTo(0.01, 5);
  });

  it.each<[NoiseColour, number]>([
    ['white', 0],
    ['pink', 3],
    ['brown', 6],
  ])('that is %s falls by %i dB per octave', (colour, slope) => {
    const noise = colouredNoise(40_000, colour, makeRandom(4));
    const bandPower = (lowHz: number, highHz: number): number => {
      let sum = 0;
      let lines = 0;
      for (let hz = lowHz; hz < highHz; hz += (highHz - lowHz) / 40, lines++) sum += amplitudeAt(noise, hz) ** 2;
      return sum / lines;
    };
    // Two octaves apart.
    const fall = 10 * Math.log10(bandPower(300, 500) / bandPower(1_200, 2_000));
    expect(Math.abs(fall - 2 * slope)).toBeLessThan(2);
  });

  it('of no sample is nothing', () => {
    const samples = new Float32Array(0);
    addNoise(samples, 'pink', 1, makeRandom(1));
    expect(samples).toHaveLength(0);
  });
});
