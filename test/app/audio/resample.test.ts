import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Resampler, resample } from '../../../app/audio/resample';

const tone = (frequencyHz: number, rateHz: number, seconds: number): Float32Array =>
  Float32Array.from({ length: Math.round(rateHz * seconds) }, (_, n) =>
    Math.sin((2 * Math.PI * frequencyHz * n) / rateHz + 0.3),
  );

/** Amplitude of one frequency in the middle of a sound, under a Hann window. */
function amplitude(samples: Float32Array, frequencyHz: number, rateHz: number): number {
  const start = Math.floor(samples.length / 4);
  const length = Math.floor(samples.length / 2);
  let [re, im, weight] = [0, 0, 0];
  for (let n = 0; n < length; n++) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / length);
    const angle = (2 * Math.PI * frequencyHz * (start + n)) / rateHz;
    re += window * (samples[start + n] ?? NaN) * Math.cos(angle);
    im += window * (samples[start + n] ?? NaN) * Math.sin(angle);
    weight += window / 2;
  }
  return Math.hypot(re, im) / weight;
}
const decibels = (value: number): number => 20 * Math.log10(value);
const rms = (samples: Float32Array): number =>
  Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);

const ratePairs: [number, number][] = [
  [44_100, 16_000],
  [48_000, 16_000],
  [16_000, 8_000],
  [8_000, 16_000],
  [11_025, 16_000],
  [100, 16_000],
  [4_000, 16_000],
  [768_000, 16_000],
  [44_099, 16_000],
  [15_999, 16_000],
];

describe.each(ratePairs)('from %i to %i Hz', (fromHz, toHz) => {
  const lowerHz = Math.min(fromHz, toHz);
  const seconds = 2_400 / lowerHz;

  it.each([0.02, 0.2, 0.4, 0.44])('keeps a tone at %f of the lower rate within 0.1 dB', (share) => {
    const output = resample(tone(share * lowerHz, fromHz, seconds), fromHz, toHz);
    expect(Math.abs(decibels(amplitude(output, share * lowerHz, toHz)))).toBeLessThan(0.1);
  });

  it('keeps a tone in its place in time', () => {
    const output = resample(tone(0.1 * lowerHz, fromHz, seconds), fromHz, toHz);
    const wanted = tone(0.1 * lowerHz, toHz, seconds);
    const middle = [Math.floor(output.length / 4), Math.floor(output.length / 2)] as const;
    const difference = output.slice(...middle).map((value, n) => value - (wanted[middle[0] + n] ?? NaN));
    expect(decibels(rms(difference))).toBeLessThan(-70);
  });

  it('gives ⌈n · to / from⌉ samples', () => {
    for (const length of [1, 7, 100, 1_234]) {
      expect(resample(new Float32Array(length), fromHz, toHz).length).toBe(Math.ceil((length * toHz) / fromHz));
    }
  });
});

it.each([
  [48_000, 16_000, 8_000],
  [48_000, 16_000, 9_100],
  [44_100, 16_000, 12_000],
  [16_000, 8_000, 4_000],
  [16_000, 8_000, 6_300],
  [768_000, 16_000, 100_000],
  [44_099, 16_000, 12_345],
])('from %i to %i Hz leaves less than −70 dB of a tone at %i Hz', (fromHz, toHz, frequencyHz) => {
  const output = resample(tone(frequencyHz, fromHz, 0.3), fromHz, toHz);
  const middle = output.subarray(Math.floor(output.length / 4), Math.floor((output.length * 3) / 4));
  expect(decibels(rms(middle) * Math.SQRT2)).toBeLessThan(-70);
});

it.each([
  [8_000, 16_000, 3_000],
  [11_025, 16_000, 4_000],
])('from %i to %i Hz leaves no image of a tone at %i Hz above −70 dB', (fromHz, toHz, frequencyHz) => {
  const output = resample(tone(frequencyHz, fromHz, 0.3), fromHz, toHz);
  expect(decibels(amplitude(output, fromHz - frequencyHz, toHz))).toBeLessThan(-70);
});

it('gives the same bits however the sound is cut', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(sizes, fc.constantFrom(...ratePairs), fc.integer(), (cuts, [fromHz, toHz], seed) => {
      const length = cuts.reduce((sum, cut) => sum + cut, 0);
      const sound = Float32Array.from({ length }, (_, n) => Math.sin(n * n + seed));
      const resampler = new Resampler(fromHz, toHz);
      const pieces: number[] = [];
      let at = 0;
      for (const cut of cuts) pieces.push(...resampler.push(sound.subarray(at, (at += cut))));
      pieces.push(...resampler.finish());
      expect(Float32Array.from(pieces)).toEqual(resample(sound, fromHz, toHz));
    }),
    { numRuns: 60 },
  );
});

it('hands a sound of the wanted rate through unchanged', () => {
  const sound = tone(440, 16_000, 0.01);
  expect(resample(sound, 16_000, 16_000)).toEqual(sound);
});

it('keeps a constant constant', () => {
  const output = resample(new Float32Array(4_000).fill(0.5), 44_100, 16_000);
  const middle = output.subarray(400, output.length - 400);
  expect(Math.max(...middle.map((value) => Math.abs(value - 0.5)))).toBeLessThan(1e-6);
});

it.each([99, 768_001, 16_000.5, 0, NaN])('refuses a rate of %f Hz', (rate) => {
  expect(() => new Resampler(rate, 16_000)).toThrow('Expected a whole rate');
});
