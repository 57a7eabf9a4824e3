import { describe, expect, it } from 'vitest';
import { changeTempo, normal, shiftChannel } from '../../../engine/data/frameDisturbance';
import { trainingConfigSchema } from '../../../app/contract/trainingConfig';
import { makeRandom } from '../../../engine/runtime/random';

const augmentation = (values: object) => trainingConfigSchema.shape.augmentation.parse(values);

describe('another pace', () => {
  const ramp = Float32Array.from({ length: 20 }, (_, t) => t);
  it('makes a faster clip shorter', () => {
    expect(changeTempo(ramp, 1, 2)).toHaveLength(10);
  });
  it('keeps the first and the last frame', () => {
    const slow = changeTempo(ramp, 1, 0.8);
    expect([slow[0], slow[slow.length - 1]]).toEqual([0, 19]);
  });
  it('puts frames between neighbours on the line between them', () => {
    const slow = changeTempo(ramp, 1, 0.5);
    slow.forEach((value, t) => expect(value).toBeCloseTo((t * 19) / 39, 5));
  });
});

describe('another channel', () => {
  it('shifts every frame of a coefficient by the same amount and leaves its slopes', () => {
    const frames = new Float32Array(6 * 4);
    shiftChannel(
      frames,
      { kind: 'mfcc', dimension: 4, coefficients: 2 },
      augmentation({ channelShift: 1, frameNoise: 0 }),
      makeRandom(1),
    );
    for (let t = 1; t < 6; t++) expect(frames.slice(t * 4, t * 4 + 4)).toEqual(frames.slice(0, 4));
    expect([frames[2], frames[3]]).toEqual([0, 0]);
    expect(frames[0]).not.toBe(0);
  });
  it('shifts neighbouring bands by nearly the same amount', () => {
    const bands = 32;
    const frames = new Float32Array(bands);
    const shape = { kind: 'log-mel', dimension: bands, coefficients: bands } as const;
    shiftChannel(frames, shape, augmentation({ channelShift: 1, frameNoise: 0 }), makeRandom(2));
    const spread = Math.max(...frames) - Math.min(...frames);
    expect(spread).toBeGreaterThan(0.5);
    for (let band = 1; band < bands; band++) {
      expect(Math.abs((frames[band] as number) - (frames[band - 1] as number))).toBeLessThan(spread / 4);
    }
  });
  it('adds noise of the wanted size to every value', () => {
    const frames = new Float32Array(40_000);
    shiftChannel(
      frames,
      { kind: 'mfcc', dimension: 4, coefficients: 2 },
      augmentation({ channelShift: 0, frameNoise: 0.5 }),
      makeRandom(1),
    );
    expect(Math.sqrt(frames.reduce((sum, value) => sum + value * value, 0) / frames.length)).toBeCloseTo(0.5, 1);
  });
});

describe('standard normal numbers', () => {
  it('have mean 0 and deviation 1', () => {
    const random = makeRandom(7);
    const values = Array.from({ length: 20_000 }, () => normal(random));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)).toBeCloseTo(1, 1);
  });
});
