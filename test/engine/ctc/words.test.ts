import { describe, expect, it } from 'vitest';
import { wordSchema } from '../../../app/contract/recognition';
import { greedyEmissions } from '../../../engine/ctc/greedy';
import { utterancesOf, wordsOf, type SettledWord, type TextManifest } from '../../../engine/ctc/words';
import { logitsOfPath } from './logits';
import { BLANK, CLASSES, manifest, pathOf } from './manifest';

const wordsFrom = (text: string, with_: TextManifest = manifest): SettledWord[] => {
  const path = pathOf(text);
  return wordsOf(greedyEmissions(logitsOfPath(path, CLASSES), path.length, CLASSES, BLANK), with_);
};
const texts = (settled: readonly SettledWord[]): string[] => settled.map(({ word }) => word.text);
const lines = (settled: readonly SettledWord[]): string[] =>
  utterancesOf(settled).map(({ words }) => words.map((word) => word.text).join(' '));

describe('whole words as symbols', () => {
  const whole: TextManifest = {
    ...manifest,
    alphabet: { symbols: ['in', 'input', 'put', '⁇'], wordSeparator: null, unknown: '⁇' },
    card: { ...manifest.card, words: ['in', 'input', 'put'] },
  };
  const wordsOfPath = (path: readonly number[]): SettledWord[] =>
    wordsOf(greedyEmissions(logitsOfPath(path, 5), path.length, 5, 4), whole);

  it('are a word each, even where two of them would spell a third', () => {
    expect(texts(wordsOfPath([0, 0, 2, 4, 2, 1]))).toEqual(['in', 'put', 'put', 'input']);
  });

  it('end at the unknown symbol, of which several in a row are one', () => {
    expect(texts(wordsOfPath([0, 3, 4, 3, 0]))).toEqual(['in', '', 'in']);
  });
});

describe('words of emissions', () => {
  it('are parted at the separator', () => {
    expect(texts(wordsFrom('_one_ _ten_'))).toEqual(['one', 'ten']);
  });

  it('lie as far apart as the frames that a network makes one step of', () => {
    const timesOf = (with_: TextManifest): number[] =>
      wordsFrom('one ten', with_).flatMap(({ word }) => [word.startMs, word.endMs, word.characters[0]!.endMs]);
    const stacked = { ...manifest, network: { stack: { frames: 5, step: 3 } } };
    expect(timesOf(stacked)).toEqual(timesOf(manifest).map((ms) => 3 * ms));
  });

  it('are parted by a long blank without a separator', () => {
    expect(texts(wordsFrom('one_{29}ten'))).toEqual(['one', 'ten']);
  });

  it('stay whole over a short blank', () => {
    expect(texts(wordsFrom('o_{28}ne'))).toEqual(['one']);
  });

  it('stay whole over a separator inside a word of the list', () => {
    expect(texts(wordsFrom('t _en one'))).toEqual(['ten', 'one']);
  });

  it('are parted where a listed word ends and another begins, without a separator', () => {
    expect(texts(wordsFrom('onetenone'))).toEqual(['one', 'ten', 'one']);
  });

  it('wait longer for the rest of a word of the list', () => {
    expect(texts(wordsFrom('t_{55}en'))).toEqual(['ten']);
    expect(texts(wordsFrom('t_{65}en'))).toEqual(['t', 'en']);
  });

  it('are parted at a separator after the beginning of another word', () => {
    expect(texts(wordsFrom('t one'))).toEqual(['t', 'one']);
  });

  it('are parted at a separator after a whole word, even where that begins another', () => {
    expect(texts(wordsFrom('no no'))).toEqual(['no', 'no']);
    expect(texts(wordsFrom('no te', { ...manifest, card: { ...manifest.card, words: ['no', 'note'] } }))).toEqual([
      'no',
      'te',
    ]);
  });

  it('are parted at every separator where no words are listed', () => {
    expect(texts(wordsFrom('t en', { ...manifest, card: { ...manifest.card, words: [] } }))).toEqual(['t', 'en']);
  });

  it('stay whole over a long sound', () => {
    expect(texts(wordsFrom('o{60}ne'))).toEqual(['one']);
  });

  it('carry the times of their symbols', () => {
    const word = wordsFrom('__oo_ne_ ')[0]!.word;
    expect([word.startMs, word.endMs]).toEqual([20, 70]);
    expect(word.characters.map(({ symbol, startMs, endMs }) => [symbol, startMs, endMs])).toEqual([
      ['o', 20, 40],
      ['n', 50, 60],
      ['e', 60, 70],
    ]);
  });

  it('have the mean confidence of their symbols', () => {
    expect(wordsFrom('one')[0]!.word.confidence).toBeCloseTo(0.9, 6);
  });

  it('without letters are unknown where the unknown symbol was heard', () => {
    const [first, second, third] = wordsFrom('no ? ten').map(({ word }) => word);
    expect([first?.isKnown, second?.isKnown, third?.isKnown]).toEqual([true, false, true]);
    expect(second).toMatchObject({ text: '', characters: [], startMs: 30, endMs: 40 });
  });

  it('are not mixed with unknown speech that touches them', () => {
    expect(texts(wordsFrom('no??_?ten'))).toEqual(['no', '', 'ten']);
  });

  it('outside the word list are not known but keep their text', () => {
    expect(wordsFrom('tone')[0]!.word).toMatchObject({ text: 'tone', isKnown: false });
  });

  it('are all known where the card lists none', () => {
    const anyWord = { ...manifest, card: { ...manifest.card, words: [] } };
    expect(wordsFrom('tone', anyWord)[0]!.word.isKnown).toBe(true);
  });

  it('are none where only separators were heard', () => {
    expect(wordsFrom('_ _ _')).toEqual([]);
  });

  it('fit the contract however long nothing parts them', () => {
    const settled = wordsFrom('on'.repeat(600));
    expect(texts(settled).join('')).toBe('on'.repeat(600));
    for (const { word } of settled) expect(wordSchema.safeParse(word).success).toBe(true);
  });
});

describe('lines', () => {
  it('begin with the first word', () => {
    expect(wordsFrom('_no').map(({ startsLine }) => startsLine)).toEqual([true]);
  });

  it('begin anew after a long silence', () => {
    expect(lines(wordsFrom('one ten _{150}no'))).toEqual(['one ten', 'no']);
  });

  it('do not begin anew after a short pause', () => {
    expect(lines(wordsFrom('one ten _{100}no'))).toEqual(['one ten no']);
  });

  it('are ended by silence even where separators were heard in it', () => {
    expect(lines(wordsFrom('one_{80} _{80}no'))).toEqual(['one', 'no']);
  });

  it('end after the longest utterance', () => {
    const everySecondAWord = 'no _{99}'.repeat(24);
    expect(lines(wordsFrom(everySecondAWord)).map((line) => line.split(' ').length)).toEqual([20, 4]);
  });
});
