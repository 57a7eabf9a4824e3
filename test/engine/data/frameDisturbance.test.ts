import { describe, expect, it } from 'vitest';
import { changeTempo, limitToTelephone, normal, shiftChannel } from '../../../engine/data/frameDisturbance';
import { trainingConfigSchema } from '../../../app/contract/trainingConfig';
import type { FrontEndSettings } from '../../../app/features/settings';
import { bandCentreHz } from '../../../engine/data/vocalTract';
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

describe('a telephone', () => {
  const settings: FrontEndSettings = {
    ...{ kind: 'log-mel', sampleRateHz: 16_000, windowMs: 25, hopMs: 10, window: 'hamming', melBands: 40 },
    ...{ coefficients: 40, deltas: 0, deltaSpan: 2, tailMs: 0, normalisation: { kind: 'none' } },
  };
  const silence = new Float32Array(40).fill(-1);

  it('leaves what lies below 4 kHz and silences the rest, in every frame', () => {
    const frames = new Float32Array(2 * 40).fill(5);
    limitToTelephone(frames, silence, settings);
    const kept = frames.slice(0, 40).findIndex((value) => value !== 5);
    expect(bandCentreHz(settings, kept - 1)).toBeLessThan(4000);
    expect(bandCentreHz(settings, kept)).toBeGreaterThanOrEqual(4000);
    expect(frames.slice(kept, 40).every((value) => value === -1)).toBe(true);
    expect(frames.slice(40)).toEqual(frames.slice(0, 40));
  });
  it('changes nothing where a frame holds no bands', () => {
    const cepstra = new Float32Array(40).fill(5);
    limitToTelephone(cepstra, silence, { ...settings, kind: 'mfcc' });
    expect(cepstra.every((value) => value === 5)).toBe(true);
  });
  it('changes nothing where sound already ends at 4 kHz', () => {
    const frames = new Float32Array(40).fill(5);
    limitToTelephone(frames, silence, { ...settings, sampleRateHz: 8000 });
    expect(frames.every((value) => value === 5)).toBe(true);
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
