// The ball that is drawn against the engine's own descent.
import { expect, test } from 'vitest';
import { surfaceSettings } from '../../../../app/contract/labExperiments';
import { surface } from '../../../../engine/lab/surface';
import { ballPath } from '../../../../renderer/views/lab/ballPath';

const settings = surfaceSettings.parse({ grid: 2 });
const { clipped } = surface(settings);
const outsideBias = (b: number): boolean => b < -3.4 || b > 0.2;

test('every place of the ball is the one that the engine computed', () => {
  const points = ballPath(clipped, settings, 0.25, null);
  expect(points).toHaveLength(settings.descents + 1);
  const { weightFrom, weightTo, biasFrom, biasTo } = settings;
  points.forEach((point, step) => {
    expect(weightFrom + point!.u * (weightTo - weightFrom)).toBeCloseTo(clipped.weights[step]!, 10);
    expect(biasFrom + point!.v * (biasTo - biasFrom)).toBeCloseTo(clipped.biases[step]!, 10);
    expect((point!.height - 0.012) * 0.25).toBeCloseTo(clipped.errors[step]!, 10);
  });
});

test('while it rolls it has come as far as it has rolled', () => {
  const whole = ballPath(clipped, settings, 0.25, null);
  for (const rolled of [0, 1, 7]) expect(ballPath(clipped, settings, 0.25, rolled)).toEqual(whole.slice(0, rolled + 1));
});

test('a ball that is thrown off is drawn nowhere while it is outside', () => {
  const { asItIs } = surface({ ...settings, learningRate: 3 });
  const isOutside = asItIs.weights.map((w, step) => w < 3.6 || w > 6.2 || outsideBias(asItIs.biases[step]!));
  expect(isOutside[0]).toBe(false);
  expect(isOutside).toContain(true);
  const points = ballPath(asItIs, settings, 0.25, null);
  expect(points.map((point) => point === null)).toEqual(isOutside);
});
