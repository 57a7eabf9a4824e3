import { expect, test } from 'vitest';
import { offsetsOf, placesFor, rowsOfPlaces, scrolledTo, windowOf } from '../../../renderer/ui/virtual';

const offsets = offsetsOf(20_000, (index) => (index % 10 === 0 ? 50 : 36));

test('offsets add up, taller rows among them', () => {
  expect([...offsetsOf(3, (index) => 10 * (index + 1))]).toEqual([0, 10, 30, 60]);
});

test('every row that is in sight is in the window, and few others', () => {
  for (const top of [0, 5_000, 333_333, offsets[20_000]! - 600]) {
    const { first, end } = windowOf(offsets, top, 600);
    expect(offsets[first]!).toBeLessThanOrEqual(top);
    expect(offsets[end]!).toBeGreaterThanOrEqual(Math.min(top + 600, offsets[20_000]!));
    expect(end - first).toBeLessThan(40);
  }
});

test('a row keeps its place while it is in sight, and every row of the window has one', () => {
  const count = placesFor(600, 36);
  const windows = [0, 400, 1_000, 5_000].map((top) => windowOf(offsets, top, 600));
  const placed = windows.map((window) => rowsOfPlaces(window, count));
  windows.forEach(({ first, end }, at) => {
    const rows = placed[at]!.filter((index) => index !== null).sort((a, b) => a - b);
    expect(rows).toEqual(Array.from({ length: end - first }, (_, row) => first + row));
  });
  const [before, after] = [placed[0]!, placed[1]!];
  const stayed = before.filter((index) => index !== null && index >= windows[1]!.first);
  expect(stayed.length).toBeGreaterThan(0);
  for (const index of stayed) expect(after.indexOf(index)).toBe(before.indexOf(index));
});

test('an empty list has an empty window', () => {
  expect(
    windowOf(
      offsetsOf(0, () => 36),
      0,
      600,
    ),
  ).toEqual({ first: 0, end: 0 });
});

test('a row out of sight is scrolled to, one in sight is not', () => {
  expect(scrolledTo(offsets, 0, 500, 600)).toBe(0);
  expect(scrolledTo(offsets, 3, 0, 600)).toBe(0);
  expect(scrolledTo(offsets, 100, 0, 600)).toBe(offsets[101]! - 600);
});
