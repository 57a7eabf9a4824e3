// Histograms of a network's weights.
import { expect, test } from 'vitest';
import { inspectionQuestionMethods } from '../../../app/contract/inspectionQuestions';
import { weightStatistics } from '../../../engine/network/weightStatistics';

const statisticsOf = (...values: number[]) => {
  const parameter = { name: 'head.bias', shape: [values.length], values: Float32Array.from(values) };
  return weightStatistics(new Map([[parameter.name, parameter]]))[0]!;
};

test('weights are counted around zero, every one once', () => {
  const statistics = statisticsOf(-2, -1, 0, 0, 2);
  expect(statistics).toMatchObject({ name: 'head.bias', shape: [5], largest: 2 });
  expect([statistics.mean, statistics.deviation]).toEqual([expect.closeTo(-0.2), expect.closeTo(1.3266, 4)]);
  const counts = [...statistics.counts];
  expect([counts[0], counts[10], counts[20], counts[40]]).toEqual([1, 1, 2, 1]);
  expect(counts.reduce((sum, count) => sum + count)).toBe(5);
  const reply = { parameters: [statistics] };
  expect(inspectionQuestionMethods['inspection.weights'].reply.parse(reply)).toEqual(reply);
});

test('weights that are all zero stand in the middle', () => {
  const { counts, largest } = statisticsOf(0, 0, 0);
  expect([counts[20], largest]).toEqual([3, 0]);
});
