import { describe, expect, it } from 'vitest';
import { trellisSettings } from '../../../app/contract/labExperiments';
import { trellis } from '../../../engine/lab/trellis';

const run = (settings: Record<string, unknown>) => trellis(trellisSettings.parse(settings));

/** Every way of classes that collapses to the word. */
function* ways(classes: number, frames: number): Generator<number[]> {
  for (let code = 0; code < classes ** frames; code++)
    yield Array.from({ length: frames }, (_, t) => Math.floor(code / classes ** t) % classes);
}

describe('the trellis of CTC', () => {
  it.each(['ab', 'aa', 'a'])('sums exactly the ways that write %s', (word) => {
    const frames = 5;
    const { symbols, blank, probabilities, probability, paths } = run({ word, frames, sureness: 1 });
    const classes = symbols.length;
    let [sum, count] = [0, 0];
    for (const way of ways(classes, frames)) {
      const text = way.filter((k, t) => k !== way[t - 1] && k !== blank).map((k) => symbols[k]);
      if (text.join('') !== word) continue;
      count++;
      sum += way.reduce((product, k, t) => product * probabilities[t * classes + k]!, 1);
    }
    expect(paths).toBe(count);
    expect(probability).toBeCloseTo(sum, 12);
  });

  it('shares every frame out among the states', () => {
    const { states, occupancy } = run({ word: 'zero', frames: 12 });
    const S = states.length;
    for (let t = 0; t < 12; t++)
      expect(occupancy.slice(t * S, (t + 1) * S).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
  });

  it('writes the word where the network is sure of it', () => {
    const { perFrame, collapsed, bestPathProbability, probability } = run({ word: 'otto', frames: 20, sureness: 8 });
    expect(collapsed).toBe('otto');
    expect(perFrame).toContain('∅');
    expect(bestPathProbability).toBeLessThanOrEqual(probability);
  });

  it('says how many frames a word needs at least', () => {
    expect(() => run({ word: 'otto', frames: 4 })).toThrow('at least 5 frames');
  });
});
