import { describe, expect, test } from 'vitest';
import { linearMarks, logMarks, roundDown, roundUp } from '../../../renderer/charts/axisSteps';
import { envelope, rangeOf } from '../../../renderer/charts/envelope';
import { Smoothed } from '../../../renderer/charts/smoothed';
import { selectedSpan, wholeSpan, zoomedSpan } from '../../../renderer/charts/stepWindow';

describe('an envelope', () => {
  const noise = Float32Array.from({ length: 100_000 }, (_, n) => ((n * 7_919) % 1_000) + n / 1_000);

  test('keeps every point where each has a column', () => {
    const points = envelope(Float32Array.of(3, 1, 2), { from: 0, to: 3 }, 100);
    expect(points).toEqual({ steps: [0, 1, 2], values: [3, 1, 2] });
  });

  test('keeps the lowest and the highest of all, and steps in their order', () => {
    const { steps, values } = envelope(noise, { from: 0, to: noise.length }, 600);
    expect(rangeOf([values])).toEqual([Math.min(...noise), Math.max(...noise)]);
    expect(steps.every((step, index) => index === 0 || step > steps[index - 1]!)).toBe(true);
    expect(steps.length).toBeLessThanOrEqual(2 * 600);
    expect(steps.every((step, index) => noise[step] === values[index])).toBe(true);
  });

  test('does not miss a single high value among a hundred thousand', () => {
    const spiked = noise.slice();
    spiked[77_777] = 1e6;
    expect(envelope(spiked, { from: 0, to: spiked.length }, 300).steps).toContain(77_777);
  });

  test('passes over values that cannot be drawn', () => {
    const points = envelope(Float32Array.of(1, NaN, 3), { from: 0, to: 3 }, 100);
    expect(points).toEqual({ steps: [0, 1, 2], values: [1, null, 3] });
    expect(rangeOf([points.values])).toEqual([1, 3]);
  });
});

describe('a smoothed curve', () => {
  test('stays at a constant from its first value on', () => {
    const smoothed = new Smoothed(30);
    smoothed.follow(new Float32Array(50).fill(2));
    expect([...smoothed.values].every((value) => Math.abs(value - 2) < 1e-6)).toBe(true);
  });

  test('comes to 1 - 1/e of a jump after its steps', () => {
    const smoothed = new Smoothed(100);
    const jump = new Float32Array(5_000).fill(0, 0, 4_000).fill(1, 4_000);
    smoothed.follow(jump);
    expect(smoothed.values[4_099]).toBeCloseTo(1 - Math.exp(-1), 5);
  });

  test('is the same when the curve comes in pieces, and passes over what is not finite', () => {
    const values = Float32Array.from({ length: 3_000 }, (_, n) => (n % 97 === 5 ? NaN : Math.sin(n)));
    const [whole, pieces] = [new Smoothed(10), new Smoothed(10)];
    whole.follow(values);
    for (let end = 1; end <= 3_000; end += 113) pieces.follow(values.subarray(0, end));
    pieces.follow(values);
    expect(pieces.values).toEqual(whole.values);
    expect(whole.values.every(Number.isFinite)).toBe(true);
  });
});

describe('an axis', () => {
  test.each([
    [0.13, 0.2, 0.1],
    [0.2, 0.2, 0.2],
    [3, 5, 2],
    [5_001, 10_000, 5_000],
  ])('goes in 1, 2, 5: from %d up to %d and down to %d', (value, up, down) => {
    expect(roundUp(value)).toBeCloseTo(up, 9);
    expect(roundDown(value)).toBeCloseTo(down, 9);
  });

  test('has round marks', () => {
    expect(linearMarks(0, 50, 3)).toEqual([0, 20, 40]);
    expect(linearMarks(120, 900, 8)).toEqual([200, 300, 400, 500, 600, 700, 800, 900]);
    expect(logMarks(0.1, 5, 9)).toEqual([0.1, 0.2, 0.5, 1, 2, 5]);
    expect(logMarks(1e-4, 10, 9)).toEqual([0.0001, 0.001, 0.01, 0.1, 1, 10]);
  });
});

describe('the steps in view', () => {
  test('grow in steps of 1, 2, 5, and not past the end of the plan', () => {
    const ends = [1, 101, 900, 2_100].map((done) => wholeSpan(done, 2_500, false).to);
    expect(ends).toEqual([100, 200, 1_000, 2_500]);
    expect(wholeSpan(2_100, 2_500, true).to).toBe(2_100);
  });

  test('are zoomed round a step that stays where it is', () => {
    const whole = { from: 0, to: 1_000 };
    expect(zoomedSpan(whole, 0.5, 250, whole)).toEqual({ from: 125, to: 625 });
    expect(zoomedSpan({ from: 125, to: 625 }, 4, 250, whole)).toBeNull();
  });

  test('are those that were dragged over, in either direction, and never too few', () => {
    const whole = { from: 0, to: 1_000 };
    expect(selectedSpan(700, 200, whole)).toEqual({ from: 200, to: 700 });
    expect(selectedSpan(998, 1_000, whole)).toEqual({ from: 990, to: 1_000 });
    expect(selectedSpan(4, 4, whole)).toBeNull();
  });
});
