import type { FrontEndSettings } from '../../../app/features/settings';

/** A common front end; tests change what they are about. */
export const someSettings = (changes: Partial<FrontEndSettings> = {}): FrontEndSettings => ({
  kind: 'mfcc',
  sampleRateHz: 16_000,
  windowMs: 25,
  hopMs: 10,
  window: 'hamming',
  melBands: 26,
  coefficients: 13,
  deltas: 0,
  deltaSpan: 2,
  tailMs: 0,
  normalisation: { kind: 'none' },
  ...changes,
});
