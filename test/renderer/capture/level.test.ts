import { expect, test } from 'vitest';
import { FLOOR_DBFS, SilenceWatch, levelOf, meterFraction } from '../../../renderer/capture/level';

test('full scale is 0 dB, half of it −6 dB', () => {
  expect(levelOf(Int16Array.of(-32_768)).peakDbfs).toBeCloseTo(0);
  expect(levelOf(Int16Array.of(16_384)).peakDbfs).toBeCloseTo(-6.02, 2);
});

test('a sine has a mean 3 dB below its peak', () => {
  const sine = Int16Array.from({ length: 1_600 }, (_, n) => 10_000 * Math.sin((2 * Math.PI * n) / 160));
  const { peakDbfs, rmsDbfs } = levelOf(sine);
  expect(peakDbfs - rmsDbfs).toBeCloseTo(3.01, 1);
});

test('zeros stand at the floor', () => {
  expect(levelOf(new Int16Array(10))).toEqual({ peakDbfs: FLOOR_DBFS, rmsDbfs: FLOOR_DBFS });
});

test('the meter reaches from −60 dB to 0 dB', () => {
  expect([-90, -60, -30, 0, 3].map(meterFraction)).toEqual([0, 0, 0.5, 1, 1]);
});

test('a microphone is silent after four seconds without a sound, and not before', () => {
  const watch = new SilenceWatch();
  expect([watch.hear(-70, 3_900), watch.hear(-70, 100)]).toEqual([false, true]);
});

test('any sound ends the silence', () => {
  const watch = new SilenceWatch();
  watch.hear(-70, 10_000);
  expect([watch.hear(-59, 100), watch.hear(-70, 3_900)]).toEqual([false, false]);
});
