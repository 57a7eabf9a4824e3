import { expect, test } from 'vitest';
import { pitches } from '../../../renderer/charts/hearCurve';

test('the highest value sounds two octaves over the lowest, and equal ratios are equal steps', () => {
  expect([...pitches([0.1, 1, 10])].map(Math.round)).toEqual([220, 440, 880]);
});
test('values that are not positive go in equal steps for equal differences', () => {
  expect([...pitches([-1, 0, 1])].map(Math.round)).toEqual([220, 440, 880]);
});
test('a constant is one tone', () => {
  expect([...pitches([2, 2])].map(Math.round)).toEqual([440, 440]);
});
