import { describe, expect, it } from 'vitest';
import { wordsSettings } from '../../../app/contract/labExperiments';
import { words } from '../../../engine/lab/words';

const run = (settings: Record<string, unknown> = {}) => words(wordsSettings.parse(settings));

describe('words as vectors', () => {
  it('gives all unknown words the one slot for others, and tells them apart by their letters', () => {
    const { words: heard, oneOfNSlots, oneOfNCollisions, hashedCollisions } = run();
    const unknown = heard.filter(({ isKnown }) => !isKnown);
    expect(unknown.map(({ slot }) => slot)).toEqual(unknown.map(() => oneOfNSlots - 1));
    expect(oneOfNCollisions).toBe(3);
    expect(hashedCollisions).toBe(0);
  });

  it('finds the known word that an unknown one is like', () => {
    const nearest = new Map(run().words.map((each) => [each.word, each.nearest?.word]));
    expect([nearest.get('arriving'), nearest.get('tapei'), nearest.get('leaves')]).toEqual([
      'arrive',
      'taipei',
      'leave',
    ]);
  });

  it('knows nothing of a word without one known part', () => {
    expect(run({ words: ['xyz'] }).words[0]).toMatchObject({ knownNGrams: 0, nearest: null });
  });
});
