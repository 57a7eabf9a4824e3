import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normalPhrase, phrasesOf, tagsOfPhrases } from '../../../engine/keywords/phraseTags';
import { slotsOf } from '../../../engine/metrics/slots';

const words = ['deep', 'networks', 'and', 'deep', 'recurrent', 'networks'];

describe('the tags of key phrases', () => {
  it('mark every occurrence', () => {
    expect(tagsOfPhrases(words, ['Deep'])).toEqual(['B-phrase', 'O', 'O', 'B-phrase', 'O', 'O']);
  });
  it('prefer the longer of two that overlap', () => {
    const tags = tagsOfPhrases(words, ['networks', 'deep networks', 'recurrent networks']);
    expect(tags).toEqual(['B-phrase', 'I-phrase', 'O', 'O', 'B-phrase', 'I-phrase']);
  });
  it('mark nothing where the words write no phrase', () => {
    expect(tagsOfPhrases(words, ['networks deep', '', '…'])).toEqual(words.map(() => 'O'));
  });
  it('write phrases of the list alone', () => {
    const word = fc.constantFrom('a', 'b', 'c');
    const phrase = fc.array(word, { minLength: 1, maxLength: 3 }).map((some) => some.join(' '));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.array(phrase, { maxLength: 4 }), (text, phrases) => {
        const written = slotsOf(tagsOfPhrases(text, phrases)).map(({ start, end }) => text.slice(start, end).join(' '));
        expect(phrases).toEqual(expect.arrayContaining(written));
        // Each phrase whose words are there and not part of another one is found.
        if (phrases.length === 1) expect(written.length > 0).toBe(` ${text.join(' ')} `.includes(` ${phrases[0]!} `));
      }),
    );
  });
});

it('a phrase is compared by its words in lower case', () => {
  expect(normalPhrase('  Long-Term  Memory')).toBe('long - term memory');
});

describe('the phrases that tags write', () => {
  const tags = ['B-phrase', 'I-phrase', 'O', 'O', 'O', 'B-phrase'];
  const inside = [0.9, 0.8, 0.01, 0.4, 0.3, 0.6];
  const { written, ranked } = phrasesOf(words, tags, inside);

  it('are as sure as their least sure word, the surest first', () => {
    expect(written).toEqual([
      { text: 'deep networks', probability: 0.8 },
      { text: 'networks', probability: 0.6 },
    ]);
  });
  it('are followed by those that less would do for', () => {
    expect(ranked.slice(0, 2)).toEqual(written);
    expect(ranked.slice(2).map(({ text }) => text)).toEqual(['deep', 'deep recurrent networks']);
  });
});
