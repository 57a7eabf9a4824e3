import { expect, test } from 'vitest';
import { liveOrder } from '../../../../renderer/views/inspect/liveOrder';
import type { Series } from '../../../../renderer/views/inspect/inspected.svelte';
import type { Statistics } from '../../../../renderer/views/inspect/unitSurvey.svelte';

const series: Series = {
  layer: 0,
  direction: 'forward',
  activation: 'forgetGate',
  of: { name: 'forgetGate', units: 3, range: 'gate', bound: 1, groups: null, isClampable: true },
};
const own = {
  ...{ layer: 0, direction: 'forward', activation: 'forgetGate' },
  mean: Float32Array.of(0.2, 0.9, 0.5),
  // Two signals: loudness, then silence.
  correlations: Float32Array.of(0.1, 0, -0.3, -0.5, 0.2, 0.8),
};
const statistics = { kind: 'statistics', series: [own], signals: ['energy', 'silence'] } as unknown as Statistics;

test('units stand at their numbers until something is known of them', () => {
  expect(liveOrder(null, 'mean')(series)).toBeNull();
  expect(liveOrder(statistics, 'index')(series)).toBeNull();
  expect(liveOrder(statistics, 'mean')({ ...series, layer: 1 })).toBeNull();
});

test('units stand by their mean over many sounds, or by what they have with a signal', () => {
  expect([...(liveOrder(statistics, 'mean')(series) ?? [])]).toEqual([1, 2, 0]);
  expect([...(liveOrder(statistics, { signal: 0 })(series) ?? [])]).toEqual([0, 1, 2]);
  expect([...(liveOrder(statistics, { signal: 1 })(series) ?? [])]).toEqual([2, 1, 0]);
});

test('the order of a series stays the same array, so that nothing is painted anew', () => {
  const order = liveOrder(statistics, 'mean');
  expect(order(series)).toBe(order(series));
});
