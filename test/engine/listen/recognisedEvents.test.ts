import { describe, expect, it } from 'vitest';
import { recognisedSchema, type Word } from '../../../app/contract/recognition';
import type { LiveStep } from '../../../engine/ctc/live';
import { recognisedEvents } from '../../../engine/listen/recognisedEvents';

const word = (text: string): Word => ({ text, startMs: 0, endMs: 1, confidence: 1, isKnown: true, characters: [] });
const step = (firstFrame: number, frames: number, words: number, tail: Word[] = []): LiveStep => ({
  settled: Array.from({ length: words }, (_, n) => ({ startsLine: false, word: word(`w${firstFrame + n}`) })),
  tail,
  frames: { firstFrame, classes: new Int16Array(frames).fill(firstFrame), probabilities: new Float32Array(frames) },
});

describe('what was heard as events', () => {
  it('is one event for one step', () => {
    const [event, ...rest] = recognisedEvents([step(5, 3, 1, [word('tail')])], 'stream', 40);
    expect(rest).toEqual([]);
    expect(event).toMatchObject({ streamId: 'stream', lagMs: 40, tail: [{ text: 'tail' }], frames: { firstFrame: 5 } });
  });

  it('is an event even where nothing became certain', () => {
    expect(recognisedEvents([step(7, 0, 0)], 'stream', 0)).toMatchObject([{ settled: [], frames: { firstFrame: 7 } }]);
  });

  it('is cut to what one event may carry, in order and whole', () => {
    const steps = [step(0, 4000, 900), step(4000, 4000, 900), step(8000, 9000, 900, [word('tail')])];
    const events = recognisedEvents(steps, 'stream', 0).map((event) => recognisedSchema.parse(event));
    expect(events.flatMap(({ settled }) => settled)).toEqual(steps.flatMap(({ settled }) => settled));
    const frames = events.map(({ frames: { firstFrame, classes } }) => [firstFrame, classes.length]);
    let next = 0;
    for (const [firstFrame, length] of frames.filter(([, count]) => count !== 0) as [number, number][]) {
      expect(firstFrame).toBe(next);
      next += length;
    }
    expect(next).toBe(17_000);
    expect(events.map(({ tail }) => tail.length)).toEqual([...events.slice(1).map(() => 0), 1]);
  });
});
