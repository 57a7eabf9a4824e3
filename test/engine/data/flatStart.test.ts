import { describe, expect, it } from 'vitest';
import { speechFrames, spreadLabels } from '../../../engine/data/flatStart';

const BLANK = 9;

describe('labels of a flat start', () => {
  it('lie evenly over the speech, with blanks around', () => {
    const classes = spreadLabels(Int32Array.of(4, 5, 6), 10, { start: 2, end: 8 }, BLANK);
    expect([...classes]).toEqual([BLANK, BLANK, 4, 4, 5, 5, 6, 6, BLANK, BLANK]);
  });

  it('are blanks alone where nothing is said', () => {
    expect([...spreadLabels(new Int32Array(0), 3, { start: 0, end: 3 }, BLANK)]).toEqual([BLANK, BLANK, BLANK]);
  });

  it('leave out labels that find no frame of their own', () => {
    expect([...spreadLabels(Int32Array.of(1, 2, 3, 4), 2, { start: 0, end: 2 }, BLANK)]).toEqual([1, 3]);
  });
});

describe('the speech of a clip', () => {
  it('reaches from the first to the last loud frame, over quiet ones between', () => {
    expect(speechFrames(Float32Array.of(0, 0, 8, 9, 1, 0, 7, 2, 0))).toEqual({ start: 2, end: 7 });
  });

  it('is everything where all frames are equally loud', () => {
    expect(speechFrames(Float32Array.of(3, 3, 3))).toEqual({ start: 0, end: 3 });
  });
});
