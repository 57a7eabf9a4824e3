import { expect, it } from 'vitest';
import { toMono } from '../../../app/audio/samples';

it('averages channels', () => {
  expect([...toMono([new Float32Array([1, 0.5]), new Float32Array([0, -0.5])])]).toEqual([0.5, 0]);
});

it('hands a single channel through', () => {
  const channel = new Float32Array([1, 2]);
  expect(toMono([channel])).toBe(channel);
});
