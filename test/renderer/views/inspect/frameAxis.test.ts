import { describe, expect, test } from 'vitest';
import { FrameAxis } from '../../../../renderer/views/inspect/frameAxis.svelte';

const axis = (frames = 200): FrameAxis => new FrameAxis(frames, 10);

describe('the frames of an utterance', () => {
  test('are all in view at first, of a long one the first half minute', () => {
    expect(axis().shown).toEqual({ startMs: 0, endMs: 2_000 });
    expect(axis(60_000).shown).toEqual({ startMs: 0, endMs: 30_000 });
  });

  test('the cursor stays among them, and what is in view follows it', () => {
    const long = axis(60_000);
    long.look(1e9);
    expect(long.cursor).toBe(59_999);
    expect(long.shown.endMs).toBe(600_000);
    long.look(-4);
    expect([long.cursor, long.shown.startMs]).toEqual([0, 0]);
  });

  test('are chosen from the cursor on, in both directions, and given back', () => {
    const each = axis();
    each.look(50);
    each.extend(1);
    each.extend(1);
    expect(each.chosen).toEqual({ from: 50, end: 53 });
    each.extend(-1);
    expect([each.chosen, each.cursor]).toEqual([{ from: 50, end: 52 }, 51]);
    each.extend(-3);
    expect([each.chosen, each.cursor]).toEqual([{ from: 48, end: 51 }, 48]);
  });

  test('zoom keeps the cursor where it is, and a slider knows how near it is', () => {
    const each = axis(6_000);
    each.look(3_000);
    each.zoomBy(0.5);
    expect(each.shown).toEqual({ startMs: 15_000, endMs: 45_000 });
    each.zoomTo(0);
    expect(each.nearness).toBe(0);
    each.zoomTo(1);
    expect(each.nearness).toBeCloseTo(1);
    expect(each.shown.endMs - each.shown.startMs).toBeCloseTo(400);
    each.zoomTo(0.5);
    expect(each.nearness).toBeCloseTo(0.5);
  });
});
