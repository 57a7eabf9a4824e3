import { describe, expect, it } from 'vitest';
import { decayingNoise, preparedResponse, reverberated } from '../../../engine/data/reverb';
import { makeRandom } from '../../../engine/runtime/random';

const energy = (samples: Float32Array): number => samples.reduce((sum, value) => sum + value * value, 0);

describe('a room', () => {
  it('is a convolution, at the power of the sound', () => {
    const random = makeRandom(1);
    const sound = Float32Array.from({ length: 5000 }, () => random() - 0.5);
    const response = Float32Array.from({ length: 700 }, (_, n) => (random() - 0.5) * 0.99 ** n);
    const plain = Float32Array.from({ length: sound.length }, (_, n) => {
      let sum = 0;
      for (let k = 0; k <= Math.min(n, response.length - 1); k++) sum += response[k]! * sound[n - k]!;
      return sum;
    });
    const factor = Math.sqrt(energy(sound) / energy(plain));
    const wet = reverberated(sound, response);
    expect(energy(wet)).toBeCloseTo(energy(sound), 2);
    for (const n of [0, 1, 699, 700, 1023, 1024, 1349, 4999]) expect(wet[n]).toBeCloseTo(factor * plain[n]!, 5);
  });

  it('that only passes the sound on changes nothing', () => {
    const sound = Float32Array.from({ length: 3000 }, (_, n) => Math.sin(n / 7));
    const wet = reverberated(sound, Float32Array.of(1));
    expect(Math.max(...wet.map((value, n) => Math.abs(value - sound[n]!)))).toBeLessThan(1e-5);
  });

  it('of digital silence is digital silence', () => {
    expect(reverberated(new Float32Array(2000), decayingNoise(0.3, makeRandom(1)))).toEqual(new Float32Array(2000));
  });

  it('that is made falls by 60 dB in its time, below the direct sound', () => {
    const response = decayingNoise(0.5, makeRandom(2));
    expect(response).toHaveLength(8000);
    expect(response[0]).toBe(1);
    expect(10 * Math.log10(energy(response.subarray(1)))).toBeCloseTo(-9, 0);
    const early = energy(response.subarray(100, 1700));
    const late = energy(response.subarray(4100, 5700));
    // 4000 samples are half of the time.
    expect(10 * Math.log10(early / late)).toBeGreaterThan(27);
    expect(10 * Math.log10(early / late)).toBeLessThan(33);
  });

  it('of a file begins at its loudest sample and lasts at most a second', () => {
    const file = new Float32Array(40_000);
    file[500] = -0.5;
    file[501] = 0.25;
    const response = preparedResponse(file);
    expect([response[0], response[1], response.length]).toEqual([1, -0.5, 16_000]);
    expect(preparedResponse(new Float32Array(10))).toEqual(Float32Array.of(1));
  });
});
