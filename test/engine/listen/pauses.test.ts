import { describe, expect, it } from 'vitest';
import { Pauses } from '../../../engine/listen/pauses';

const RULES = { pauseFrames: 100, keptFrames: 40, mostFrames: 1000, framesPerStep: 1 };
const ROOM = -2;
const VOICE = 4;
const frames = (count: number, loudness: number): number[] => Array.from({ length: count }, () => loudness);

/** Frames of every part that ended. */
function partsOf(loudness: readonly number[], rules = RULES): number[] {
  const pauses = new Pauses(rules);
  return loudness.flatMap((value) => pauses.push(value) ?? []);
}

describe('cutting sound at pauses', () => {
  it('ends a part after speech and a pause, and leaves some of the quiet with it', () => {
    const utterance = [...frames(50, ROOM), ...frames(200, VOICE), ...frames(150, ROOM)];
    expect(partsOf([...utterance, ...utterance])).toEqual([50 + 200 + 40, 110 + 50 + 200 + 40]);
  });

  it('takes a short quiet within an utterance for no pause', () => {
    const word = [...frames(60, VOICE), ...frames(90, ROOM)];
    expect(partsOf([...word, ...word, ...word])).toEqual([]);
  });

  it('knows no speech in noise of one level, and cuts only where a part may not grow', () => {
    const noise = Array.from({ length: 2500 }, (_, t) => ROOM + 0.3 * Math.sin(t));
    const parts = partsOf(noise);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(part).toBeGreaterThanOrEqual(500);
  });

  it('cuts speech without a pause where it is quietest in the second half', () => {
    const speech = [...frames(700, VOICE), ...frames(12, ROOM), ...frames(288, VOICE)];
    const [first] = partsOf(speech);
    expect(first).toBeGreaterThan(700);
    expect(first).toBeLessThan(712);
  });

  it('is not deceived by digital silence: the room after it is still quiet', () => {
    const sound = [...frames(50, -30), ...frames(100, VOICE), ...frames(150, ROOM - 2)];
    expect(partsOf(sound)).toEqual([190]);
  });

  it('makes parts of whole steps', () => {
    const sound = [...frames(51, ROOM), ...frames(200, VOICE), ...frames(150, ROOM)];
    expect(partsOf(sound, { ...RULES, framesPerStep: 3 })).toEqual([291]);
  });
});
