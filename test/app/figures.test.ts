import { describe, expect, test } from 'vitest';
import type { Word } from '../../app/contract/recognition';
import { withFigures } from '../../app/figures';
import { segmentInFigures, wordsInFigures } from '../../app/transcripts/figures';

describe('number words as figures', () => {
  test.each([
    ['two zero five', '205'],
    ['call four one two oh six', 'call 41206'],
    ['nineteen sixty eight', '1968'],
    ['twenty one', '21'],
    ['twenty zero', '200'],
    ['two hundred and five', '205'],
    ['three thousand', '3000'],
    ['three thousand two hundred', '3200'],
    ['nineteen hundred and sixty eight', '1968'],
    ['two thousand and five', '2005'],
    ['five and six', '5 and 6'],
    ['hundred', 'hundred'],
    ['one go two', '1 go 2'],
    ['enter', 'enter'],
    ['', ''],
  ])('%j is %j', (spoken, written) => {
    const words = spoken.split(' ').filter((word) => word !== '');
    expect(withFigures(words).join(' ')).toBe(written);
  });
});

describe('number words with times', () => {
  const wordAt = (text: string, at: number, confidence: number): Word => ({
    ...{ text, startMs: at, endMs: at + 90, confidence, isKnown: true },
    characters: [{ symbol: text, startMs: at, endMs: at + 90, confidence }],
  });
  const words = [wordAt('go', 0, 0.9), wordAt('two', 100, 0.8), wordAt('five', 200, 0.6), wordAt('stop', 300, 0.9)];

  test('are one figure from the first to the last, as sure as the least sure', () => {
    const [go, figure, stop] = wordsInFigures(words);
    expect([go, stop]).toEqual([words[0], words[3]]);
    expect(figure).toMatchObject({ text: '25', startMs: 100, endMs: 290, confidence: 0.6 });
    expect(figure?.characters).toEqual([{ symbol: '25', startMs: 100, endMs: 290, confidence: 0.6 }]);
  });

  test('are what the person put in their place, and no number where the network was unsure of the word', () => {
    const put = words.map((word) => (word.text === 'two' ? { ...word, correction: 'six' } : word));
    expect(wordsInFigures(put).map(({ text }) => text)).toEqual(['go', '65', 'stop']);
    const unsure = words.map((word) => (word.text === 'two' ? { ...word, isKnown: false } : word));
    expect(wordsInFigures(unsure).map(({ text }) => text)).toEqual(['go', 'two', '5', 'stop']);
  });

  test('of a segment are its text as well', () => {
    const timed = words.map(({ text, startMs, endMs }) => ({ text, startMs, endMs, confidence: null }));
    const segment = { startMs: 0, endMs: 390, text: 'go two five stop', words: timed };
    expect(segmentInFigures(segment)).toMatchObject({
      text: 'go 25 stop',
      words: [{}, { text: '25', endMs: 290 }, {}],
    });
  });
});
