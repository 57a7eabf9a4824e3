import { describe, expect, it } from 'vitest';
import { histogram, median, OUTLIER_SCORE, outlierScores } from '../../../engine/data/statistics';

describe('the median', () => {
  it('is the middle value, or the mean of the middle two', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([5])]).toEqual([2, 2.5, 5]);
  });
});

describe('outliers', () => {
  const isOutlier = (values: number[]) => outlierScores(values).map((score) => Math.abs(score) > OUTLIER_SCORE);

  it('are far from the median, to either side, in proportion', () => {
    expect(isOutlier([0.1, 0.09, 0.11, 0.1, 0.12, 0.08, 1, 0.01])).toEqual([
      ...new Array<boolean>(6).fill(false),
      true,
      true,
    ]);
  });

  it('are none where all are nearly alike', () => {
    expect(isOutlier([0.1, 0.1, 0.1, 0.1, 0.101])).toEqual(Array(5).fill(false));
  });
});

describe('a histogram', () => {
  it('has bins of one round width, from zero on, and counts every value once', () => {
    expect(histogram([0.1, 0.4, 0.5, 1.9])).toEqual(
      Array.from({ length: 20 }, (_, bin) => ({
        from: Number((bin / 10).toFixed(1)),
        to: Number(((bin + 1) / 10).toFixed(1)),
        count: [1, 4, 5, 19].includes(bin) ? 1 : 0,
      })),
    );
  });

  it('never has more than twenty bins', () => {
    for (const largest of [0.004, 0.3, 1, 7, 59, 3600]) {
      const bins = histogram([largest, largest / 3]);
      expect(bins.length).toBeLessThanOrEqual(20);
      expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(2);
    }
  });

  it('of nothing is empty', () => {
    expect(histogram([])).toEqual([]);
  });
});
