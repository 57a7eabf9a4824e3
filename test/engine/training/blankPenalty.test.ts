import { expect, it } from 'vitest';
import { withBlankPenalty } from '../../../engine/training/blankPenalty';

const bias = { name: 'head.bias', shape: [3], values: Float32Array.of(1, 2, 3) };
const weights = { name: 'head.weights', shape: [1, 3], values: Float32Array.of(4, 5, 6) };

it('takes so many nats off the last class alone, and leaves what it was given', () => {
  const cheaper = withBlankPenalty(new Map([bias, weights].map((each) => [each.name, each])), 0.5);
  expect([...cheaper.get('head.bias')!.values]).toEqual([1, 2, 2.5]);
  expect(cheaper.get('head.weights')).toBe(weights);
  expect([...bias.values]).toEqual([1, 2, 3]);
});
