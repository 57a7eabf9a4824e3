import { describe, expect, it } from 'vitest';
import { surfaceSettings } from '../../../app/contract/labExperiments';
import { surface, surfacePoint } from '../../../engine/lab/surface';

const run = (settings: Record<string, unknown> = {}) => surface(surfaceSettings.parse(settings));

describe('the error surface', () => {
  it.each([
    [4.1, -2],
    [5, -2.2],
    [3.7, 0.1],
  ])('has the slopes that finite differences have (w %d, b %d)', (w, b) => {
    const delta = 1e-7;
    const error = (weight: number, bias: number): number => surfacePoint(weight, bias, 50, 0.7).error;
    const { slopes } = surfacePoint(w, b, 50, 0.7);
    expect(slopes[0]).toBeCloseTo((error(w + delta, b) - error(w - delta, b)) / (2 * delta), 5);
    expect(slopes[1]).toBeCloseTo((error(w, b + delta) - error(w, b - delta)) / (2 * delta), 5);
  });

  it('has a cliff whose gradient is more than a thousand times the median one', () => {
    expect(run().cliffRatio).toBeGreaterThan(1000);
  });

  it('throws a ball far off at the cliff, and clipping keeps it near', () => {
    const { asItIs, clipped } = run({ grid: 2 });
    expect(asItIs.longestStep).toBeGreaterThan(2);
    expect(asItIs.errors.at(-1)).toBeGreaterThan(0.05);
    expect(clipped.longestStep).toBeLessThanOrEqual(0.5 * 0.5 + 1e-6);
    expect(clipped.errors.at(-1)).toBeLessThan(0.005);
    expect(clipped.isClipped).toContain(true);
  });

  it('clips every slope by itself where it clips by value, so that the ball goes no farther along weight or bias', () => {
    const [threshold, learningRate] = [0.1, 0.5];
    const { asItIs, clipped } = run({ grid: 2, learningRate, clipping: { kind: 'value', threshold } });
    const farthest = (values: readonly number[]): number =>
      Math.max(...values.slice(1).map((value, step) => Math.abs(value - values[step]!)));
    expect(farthest(asItIs.weights)).toBeGreaterThan(1);
    expect(farthest(clipped.weights)).toBeLessThanOrEqual(threshold * learningRate + 1e-12);
    expect(farthest(clipped.biases)).toBeCloseTo(threshold * learningRate, 12);
    expect(clipped.isClipped).toContain(true);
    // Where a slope is within the threshold the step is its own.
    const gentle = clipped.isClipped.indexOf(false);
    const [w, b] = [clipped.weights[gentle]!, clipped.biases[gentle]!];
    const { slopes } = surfacePoint(w, b, 50, 0.7);
    expect(clipped.weights[gentle + 1]).toBeCloseTo(w - learningRate * slopes[0], 12);
  });

  it('changes the way of the ball with the optimiser', () => {
    const lastOf = (optimizer: string) => run({ grid: 2, optimizer }).asItIs.weights.at(-1);
    expect(new Set([lastOf('sgd'), lastOf('momentum'), lastOf('adam')]).size).toBe(3);
  });

  it('puts the points of the grid where they are said to be', () => {
    const { errors } = run({ grid: 3, weightFrom: 1, weightTo: 3, biasFrom: -1, biasTo: 1 });
    expect(errors[2 * 3 + 1]).toBe(Math.fround(surfacePoint(3, 0, 50, 0.7).error));
  });
});
