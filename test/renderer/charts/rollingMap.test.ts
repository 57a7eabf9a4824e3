import { expect, test } from 'vitest';
import { RollingMap } from '../../../renderer/charts/rollingMap';
import { colourTable } from '../../../renderer/charts/colourTable';

const STYLE = {
  colours: colourTable([
    [0, 0, 0],
    [255, 255, 255],
  ]),
  range: { low: 0, high: 1 },
  order: null,
  rows: 1,
};
/** Brightness of each step of [0, count) × 10 ms, a pixel each; null where nothing is drawn. */
function drawn(map: RollingMap, count: number, untilMs = Infinity, startMs = 0): (number | null)[] {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [count, 1];
  const context = canvas.getContext('2d')!;
  const span = { startMs, endMs: startMs + 10 * count };
  map.draw({ context, width: count, height: 1, density: 1 }, span, 10, untilMs, STYLE);
  const { data } = context.getImageData(0, 0, count, 1);
  return Array.from({ length: count }, (_, x) => (data[4 * x + 3] === 0 ? null : data[4 * x]!));
}

test('steps stand at their times, and nothing after the line', () => {
  const map = new RollingMap(1, 8);
  map.put(0, Float32Array.of(0, 1, 0, 1));
  expect(drawn(map, 6)).toEqual([0, 255, 0, 255, null, null]);
  expect(drawn(map, 6, 25)).toEqual([0, 255, null, null, null, null]);
});

test('the oldest steps make room for the newest', () => {
  const map = new RollingMap(1, 4);
  map.put(0, Float32Array.of(1, 1, 1, 1));
  expect(drawn(map, 4)).toEqual([255, 255, 255, 255]);
  map.put(4, Float32Array.of(0, 0));
  expect(drawn(map, 6)).toEqual([null, null, 255, 255, 0, 0]);
  expect(drawn(map, 4, Infinity, 20)).toEqual([255, 255, 0, 0]);
});

test('what was left out is a gap, what is told anew replaces what was told', () => {
  const map = new RollingMap(1, 8);
  map.put(0, Float32Array.of(1, 1));
  map.put(4, Float32Array.of(1, 1));
  expect(drawn(map, 6)).toEqual([255, 255, null, null, 255, 255]);
  map.put(3, Float32Array.of(0, 0, 0));
  expect(drawn(map, 6)).toEqual([255, 255, null, 0, 0, 0]);
});

test('more steps at once than there is room for leave the newest', () => {
  const map = new RollingMap(1, 2);
  map.put(0, Float32Array.of(1, 1, 1, 0, 1));
  expect(drawn(map, 5)).toEqual([null, null, null, 0, 255]);
});
