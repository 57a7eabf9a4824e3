import { describe, expect, it } from 'vitest';
import { wordPieces } from '../../../engine/data/wordPieces';

const MS = 16;
/** 16 kHz: stretches of so many milliseconds, loud or quiet. */
function sound(...stretches: readonly (readonly [ms: number, level: number])[]): Int16Array {
  return Int16Array.from(
    stretches.flatMap(([ms, level]) => Array.from({ length: ms * MS }, (_, n) => Math.round(level * Math.sin(n / 3)))),
  );
}
const [LOUD, QUIET] = [9000, 30];
const at = (text: string, ms: number) => ({ text, startMs: ms, endMs: ms });
const told = (pcm: Int16Array, words: ReturnType<typeof at>[]) =>
  wordPieces(pcm, words).map(({ words: said, start, end }) => ({
    said: said.map(({ text }) => text).join(' '),
    startMs: start / MS,
    endMs: end / MS,
  }));

describe('cutting a sentence into words', () => {
  it('cuts in the middle of a pause', () => {
    const pcm = sound([300, LOUD], [200, QUIET], [300, LOUD]);
    const [first, second] = told(pcm, [at('one', 150), at('two', 650)]);
    expect(first).toMatchObject({ said: 'one', startMs: 0 });
    expect(second).toMatchObject({ said: 'two', endMs: 800 });
    expect(first!.endMs).toBe(second!.startMs);
    expect(Math.abs(first!.endMs - 400)).toBeLessThanOrEqual(20);
  });

  it('leaves words together between which there is no pause', () => {
    const pcm = sound([300, LOUD], [60, LOUD / 2], [300, LOUD]);
    expect(told(pcm, [at('thirty', 150), at('one', 500)])).toEqual([{ said: 'thirty one', startMs: 0, endMs: 660 }]);
  });

  it('takes the longer of two quiet stretches, not the stop within a word', () => {
    const pcm = sound([200, LOUD], [50, QUIET], [80, LOUD], [150, QUIET], [300, LOUD]);
    const [first] = told(pcm, [at('eight', 100), at('four', 630)]);
    expect(first!.endMs).toBeGreaterThan(330);
    expect(first!.endMs).toBeLessThan(480);
  });

  it('leaves most of a long silence out', () => {
    const pcm = sound([300, LOUD], [1000, QUIET], [300, LOUD]);
    const [first, second] = told(pcm, [at('one', 150), at('two', 1450)]);
    expect(first!.endMs).toBeLessThan(500);
    expect(second!.startMs).toBeGreaterThan(1100);
  });

  it('of one word is the whole recording', () => {
    expect(told(sound([100, QUIET], [300, LOUD]), [at('yes', 200)])).toEqual([{ said: 'yes', startMs: 0, endMs: 400 }]);
  });
});
