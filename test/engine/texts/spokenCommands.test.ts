import { describe, expect, it } from 'vitest';
import { slotsOf } from '../../../engine/metrics/slots';
import { spokenCommands } from '../../../engine/texts/spokenCommands';
import { commandWords } from '../../../engine/texts/textSources';

const vocabulary = await commandWords();
const made = spokenCommands(vocabulary, { seed: 1, count: 4000 });

describe('spoken commands', () => {
  it('are made of exactly the words that the recogniser of letters and numbers is trained on', () => {
    const used = new Set(made.flatMap(({ text }) => text.split(' ')));
    expect([...used].sort()).toEqual([...vocabulary].sort());
  });

  it('have a tag for every word, of an action, letters, a number or a date', () => {
    for (const { text, labels } of made) expect(labels.split(' ')).toHaveLength(text.split(' ').length);
    const kinds = new Set(made.flatMap(({ labels }) => slotsOf(labels.split(' ')).map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual(['action', 'date', 'letters', 'number']);
  });

  it('cannot be told word by word: one word is a letter here and of a number there', () => {
    const tagsOf = (wanted: string): Set<string> =>
      new Set(
        made.flatMap(({ text, labels }) =>
          text.split(' ').flatMap((word, at) => (word === wanted ? [labels.split(' ')[at]!.slice(2)] : [])),
        ),
      );
    expect([...tagsOf('a')].sort()).toEqual(['letters', 'number']);
    expect([...tagsOf('twenty')].sort()).toEqual(['date', 'number']);
  });

  it('are the same of the same seed and others of another', () => {
    const of = (seed: number): string[] => spokenCommands(vocabulary, { seed, count: 20 }).map(({ text }) => text);
    expect(of(3)).toEqual(of(3));
    expect(of(3)).not.toEqual(of(4));
  });
});
