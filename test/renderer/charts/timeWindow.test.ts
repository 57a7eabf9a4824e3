import { expect, test } from 'vitest';
import { firstWindow, following, movedTo, zoomed } from '../../../renderer/charts/timeWindow';

test('a short recording is shown whole, a long one from its start', () => {
  expect(firstWindow(5_000)).toEqual({ startMs: 0, endMs: 5_000 });
  expect(firstWindow(60_000)).toEqual({ startMs: 0, endMs: 6_000 });
});

test('a window is never moved out of the sound', () => {
  const window = { startMs: 1_000, endMs: 3_000 };
  expect(movedTo(window, -500, 10_000)).toEqual({ startMs: 0, endMs: 2_000 });
  expect(movedTo(window, 9_500, 10_000)).toEqual({ startMs: 8_000, endMs: 10_000 });
});

test('zooming keeps the moment under the cursor where it is', () => {
  const next = zoomed({ startMs: 0, endMs: 8_000 }, 0.5, 2_000, 20_000);
  expect(next).toEqual({ startMs: 1_000, endMs: 5_000 });
});

test('zooming out ends at the whole recording', () => {
  expect(zoomed({ startMs: 0, endMs: 8_000 }, 10, 0, 9_000)).toEqual({ startMs: 0, endMs: 9_000 });
});

test('the window turns like a page when the cursor leaves it, and rests while it is inside', () => {
  const window = { startMs: 0, endMs: 4_000 };
  expect(following(window, 3_999, 20_000)).toBe(window);
  expect(following(window, 5_000, 20_000)).toEqual({ startMs: 4_800, endMs: 8_800 });
});
