import { describe, expect, test } from 'vitest';
import { receiverCurve } from '../../app/receiverCurve';

describe('the receiver operating characteristic', () => {
  test('goes a step up for each that is, and a step to the right for each that is not', () => {
    const { points, area } = receiverCurve([0.9, 0.8, 0.7, 0.6], [1, 0, 1, 0]);
    expect(
      points.map(({ threshold, truePositives, falsePositives }) => [threshold, truePositives, falsePositives]),
    ).toEqual([
      [Infinity, 0, 0],
      [0.9, 1, 0],
      [0.8, 1, 1],
      [0.7, 2, 1],
      [0.6, 2, 2],
    ]);
    // Of the four pairs of one that is and one that is not, three stand in order.
    expect(area).toBe(3 / 4);
  });

  test('takes equal scores in one step, and counts their pairs half', () => {
    const { points, area } = receiverCurve([0.5, 0.5, 0.9, 0.1], [1, 0, 1, 0]);
    expect(points.map(({ truePositives, falsePositives }) => [truePositives, falsePositives])).toEqual([
      [0, 0],
      [1, 0],
      [2, 1],
      [2, 2],
    ]);
    expect(area).toBe(3.5 / 4);
  });

  test('has the area that comparing every pair has', () => {
    const scores = Array.from({ length: 60 }, (_, k) => ((k * 37) % 23) / 23);
    const isThere = scores.map((score, k) => (score + ((k * 11) % 7) / 7 > 0.9 ? 1 : 0));
    let [right, pairs] = [0, 0];
    scores.forEach((one, i) =>
      scores.forEach((other, j) => {
        if (isThere[i] !== 1 || isThere[j] !== 0) return;
        pairs += 1;
        right += one > other ? 1 : one === other ? 0.5 : 0;
      }),
    );
    expect(receiverCurve(scores, isThere).area).toBeCloseTo(right / pairs, 12);
  });

  test('has no area where all are or none is', () => {
    expect(receiverCurve([0.2, 0.4], [1, 1]).area).toBeNull();
    expect(receiverCurve([0.2, 0.4], [0, 0]).area).toBeNull();
    expect(receiverCurve([], []).points).toEqual([{ threshold: Infinity, truePositives: 0, falsePositives: 0 }]);
  });
});
