import { describe, expect, test } from 'vitest';
import { FrameSymbolTrack } from '../../../renderer/charts/frameSymbols';
import { PEAK_SAMPLES, Peaks } from '../../../renderer/charts/peaks';
import { peaksPath } from '../../../renderer/charts/peaksPath';
import { spread } from '../../../renderer/charts/symbolBars';
import { NOW_FRACTION, pagedSpan, spanAround } from '../../../renderer/charts/timeAxis';

describe('peaks', () => {
  test('keep the lowest and highest sample of each bin, however the sound was cut', () => {
    const sound = Int16Array.from({ length: 3 * PEAK_SAMPLES + 5 }, (_, n) => ((n * 7919) % 65_536) - 32_768);
    const peaks = new Peaks();
    for (let at = 0; at < sound.length; at += 33) peaks.append(sound.subarray(at, at + 33));
    const bin = sound.slice(PEAK_SAMPLES, 2 * PEAK_SAMPLES);
    expect(peaks.range(1, 2)).toEqual({ low: Math.min(...bin) / 32_768, high: Math.max(...bin) / 32_768 });
    expect(peaks.length).toBe(4);
  });

  test('have nothing outside the sound', () => {
    const peaks = new Peaks();
    peaks.append(new Int16Array(PEAK_SAMPLES));
    expect([peaks.range(-5, 0), peaks.range(1, 9)]).toEqual([null, null]);
  });

  test('begin anew when cleared', () => {
    const peaks = new Peaks();
    peaks.append(Int16Array.of(-9_000));
    peaks.clear();
    peaks.append(new Int16Array(PEAK_SAMPLES).fill(8_192));
    expect(peaks.range(0, 1)).toEqual({ low: 0.25, high: 0.25 });
  });
});

describe('symbols per frame', () => {
  const BLANK = 2;
  const track = (): FrameSymbolTrack => {
    const symbols = new FrameSymbolTrack();
    const probabilities = Float32Array.of(0.9, 0.6, 0.8, 0.9, 0.7);
    symbols.put({ firstFrame: 0, classes: Int16Array.of(BLANK, 0, 0, BLANK, 1), probabilities });
    return symbols;
  };

  test('become runs with their highest frame', () => {
    expect(track().runs(0, 5, BLANK)).toEqual([
      { classIndex: 0, firstFrame: 1, endFrame: 3, peakFrame: 2, peak: Math.fround(0.8) },
      { classIndex: 1, firstFrame: 4, endFrame: 5, peakFrame: 4, peak: Math.fround(0.7) },
    ]);
  });

  test('give a run whole whose beginning lies before the asked frames', () => {
    expect(track().runs(2, 3, BLANK)[0]).toMatchObject({ firstFrame: 1, endFrame: 3 });
  });

  test('are written over when they are said again', () => {
    const symbols = track();
    symbols.put({ firstFrame: 4, classes: Int16Array.of(BLANK, 0), probabilities: Float32Array.of(1, 1) });
    expect([symbols.length, symbols.classAt(4), symbols.classAt(5)]).toEqual([6, BLANK, 0]);
  });
});

describe('the time axis', () => {
  test('has now at nine tenths', () => {
    expect(spanAround(5_000, 4_000)).toEqual({ startMs: 1_400, endMs: 5_400 });
  });

  test('rests for a quarter, then turns, for those who asked for less motion', () => {
    const spans = [5_001, 5_500, 6_000, 6_001].map((nowMs) => pagedSpan(nowMs, 4_000).startMs);
    expect(spans).toEqual([2_400, 2_400, 2_400, 3_400]);
  });

  test('keeps now between two thirds and nine tenths of a page', () => {
    for (let nowMs = 0; nowMs < 9_000; nowMs += 137) {
      const place = (nowMs - pagedSpan(nowMs, 4_000).startMs) / 4_000;
      expect(place).toBeGreaterThan(0.65);
      expect(place).toBeLessThanOrEqual(NOW_FRACTION);
    }
  });
});

describe('letters over the frames', () => {
  test('stand where they belong while there is room', () => {
    expect(spread([10, 20, 45], 8)).toEqual([10, 20, 45]);
  });

  test('move apart around their common middle where they crowd, and none is left out', () => {
    expect(spread([10, 10, 10], 8)).toEqual([2, 10, 18]);
    expect(spread([0, 20, 22, 60], 8)).toEqual([0, 17, 25, 60]);
  });

  test('keep their distance however crowded they are', () => {
    const places = spread([0, 1, 3, 3, 9, 10, 30], 5);
    places.slice(1).forEach((place, index) => expect(place - places[index]!).toBeGreaterThanOrEqual(5 - 1e-9));
  });
});

test('a sound in a list is a bar for every value, the loudest as high as the figure, silence a thin line', () => {
  expect(peaksPath(new Float32Array([0, 0.5, 0.25]), 22)).toBe('M0 22V21h1V0h1V11h1V33h-1V44h-1V23h-1z');
});
