import { describe, expect, test } from 'vitest';
import { calibrated } from '../../../engine/ctc/confidence';
import {
  calibrationFolds,
  fitCalibration,
  reliability,
  scoredWords,
  type ScoredWord,
} from '../../../engine/language/calibrate';

/** Words whose scores are all too sure: right with σ(logit(score) / 3 − 0.5). */
const words: ScoredWord[] = [0.3, 0.6, 0.8, 0.9, 0.95, 0.99, 0.999].flatMap((score, kind) => {
  const share = calibrated(score, { temperature: 3, bias: -0.5 });
  return Array.from({ length: 400 }, (_, at) => ({
    score,
    isRight: at < share * 400,
    speaker: `speaker ${(at + kind) % 8}`,
  }));
});

describe('calibration', () => {
  test('finds temperature and bias', () => {
    const { temperature, bias } = fitCalibration(words);
    expect(temperature).toBeCloseTo(3, 0);
    expect(bias).toBeCloseTo(-0.5, 1);
  });

  test('makes confidences mean what they say on speakers that it was not fitted to', () => {
    const folds = calibrationFolds(words);
    expect(folds.map(({ fittedOn }) => fittedOn.length)).toEqual([4, 4]);
    for (const { fittedOn, measuredOn, before, after } of folds) {
      expect(measuredOn.filter((speaker) => fittedOn.includes(speaker))).toEqual([]);
      expect(before.expectedCalibrationError).toBeGreaterThan(0.15);
      expect(after.expectedCalibrationError).toBeLessThan(0.1);
    }
  });

  test('has a value where all words are right, or all wrong, or there is none', () => {
    for (const each of [words.filter(({ isRight }) => isRight), words.filter(({ isRight }) => !isRight), []]) {
      const { temperature, bias } = fitCalibration(each);
      expect(Number.isFinite(temperature) && temperature > 0 && Number.isFinite(bias)).toBe(true);
    }
  });

  test('measures the distance between confidence and share of right words, bin by bin', () => {
    const even = [
      { score: 0.75, isRight: true },
      { score: 0.75, isRight: false },
      { score: 0.25, isRight: false },
      { score: 0.25, isRight: false },
    ];
    const { expectedCalibrationError, bins } = reliability(even, { temperature: 1, bias: 0 });
    expect(expectedCalibrationError).toBeCloseTo(0.25, 9);
    expect(bins.map(({ words: count, shareRight }) => [count, shareRight])).toEqual([
      [2, 0],
      [2, 0.5],
    ]);
  });

  test('takes a word for right where the reference has it in its place', () => {
    const word = (text: string) => ({ text, startMs: 0, endMs: 1, confidence: 0.5, isKnown: true, characters: [] });
    const line = { startMs: 0, endMs: 1, words: ['one', 'six', 'two', 'two'].map(word) };
    const scored = scoredWords([line], 'one five two', 'a');
    expect(scored.filter(({ isRight }) => isRight).length).toBe(2);
    expect(scored.map(({ isRight }) => isRight).slice(0, 2)).toEqual([true, false]);
  });
});
