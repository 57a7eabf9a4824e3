import { describe, expect, it } from 'vitest';
import { VocalTract } from '../../../engine/data/vocalTract';
import type { FrontEndSettings } from '../../../app/features/settings';

const settings: FrontEndSettings = {
  kind: 'mfcc',
  sampleRateHz: 8000,
  windowMs: 32,
  hopMs: 20,
  window: 'hamming',
  melBands: 26,
  coefficients: 26,
  deltas: 0,
  deltaSpan: 2,
  tailMs: 0,
  normalisation: { kind: 'none' },
};
/** The orthonormal DCT-II of a log spectrum over the bands. */
const cepstrumOf = (bands: readonly number[]): Float32Array =>
  Float32Array.from(bands, (_, k) =>
    bands.reduce(
      (sum, value, b) =>
        sum + value * Math.sqrt((k === 0 ? 1 : 2) / bands.length) * Math.cos((Math.PI * k * (b + 0.5)) / bands.length),
      0,
    ),
  );
const peakOf = (cepstrum: Float32Array): number => {
  const bands = Array.from({ length: 26 }, (_, b) =>
    cepstrum.reduce(
      (sum, c, k) => sum + c * Math.sqrt((k === 0 ? 1 : 2) / 26) * Math.cos((Math.PI * k * (b + 0.5)) / 26),
      0,
    ),
  );
  return bands.indexOf(Math.max(...bands));
};
const bump = (at: number): number[] => Array.from({ length: 26 }, (_, b) => Math.exp(-((b - at) ** 2) / 4));

describe('another vocal tract', () => {
  it('of the same length changes nothing', () => {
    const cepstrum = cepstrumOf(bump(12));
    const same = new VocalTract(settings).stretch(cepstrum, 1);
    same.forEach((value, k) => expect(value).toBeCloseTo(cepstrum[k] as number, 5));
  });
  it('that is read at higher frequencies has its resonance lower', () => {
    expect(peakOf(new VocalTract(settings).stretch(cepstrumOf(bump(12)), 1.2))).toBeLessThan(12);
  });
  it('leaves a flat spectrum flat', () => {
    const flat = cepstrumOf(Array.from({ length: 26 }, () => 3));
    const stretched = new VocalTract(settings).stretch(flat, 0.9);
    stretched.forEach((value, k) => expect(value).toBeCloseTo(flat[k] as number, 4));
  });
  it('stretches the bands themselves as it stretches their cepstrum', () => {
    const bands = new VocalTract({ ...settings, kind: 'log-mel' }).stretch(Float32Array.from(bump(12)), 1.1);
    const cepstrum = new VocalTract(settings).stretch(cepstrumOf(bump(12)), 1.1);
    cepstrumOf([...bands]).forEach((value, k) => expect(value).toBeCloseTo(cepstrum[k] as number, 4));
  });
});
