import { describe, expect, it } from 'vitest';
import { letterNGrams } from '../../../engine/text/letterNGrams';
import { charactersOf, tokensOf, wordsOf } from '../../../engine/text/tokens';

describe('words', () => {
  it('are in lower case, punctuation by itself', () => {
    expect(wordsOf("Don’t stop — it's 9:30!")).toEqual(['don’t', 'stop', '—', "it's", '9', ':', '30', '!']);
  });
  it('are the same however a letter is composed', () => expect(wordsOf('Cafe\u0301')).toEqual(wordsOf('Caf\u00e9')));
  it('of white space are none', () => expect(wordsOf(' \t\n')).toEqual([]));
});

describe('characters', () => {
  it('are code points, white space and case kept', () =>
    expect(charactersOf('aA 数😀')).toEqual(['a', 'A', ' ', '数', '😀']));
});

describe('tokens parted by white space', () => {
  it('are in lower case and keep their punctuation', () =>
    expect(tokensOf('spaced', " At 9:30\tp.m., don't ")).toEqual(['at', '9:30', 'p.m.,', "don't"]));
});

describe('letter n-grams', () => {
  it('take the marks at the ends for letters', () => {
    expect(letterNGrams('good', 3)).toEqual(['#go', 'goo', 'ood', 'od#']);
    expect(letterNGrams('good', 2)).toEqual(['#g', 'go', 'oo', 'od', 'd#']);
  });
  it('are repeated where they repeat', () => {
    expect(letterNGrams('banana', 3)).toEqual(['#ba', 'ban', 'ana', 'nan', 'ana', 'na#']);
  });
  it('of a word too short for one are the word itself', () => {
    expect(letterNGrams('a', 3)).toEqual(['#a#']);
    expect(letterNGrams('a', 5)).toEqual(['#a#']);
  });
  it('count code points', () => expect(letterNGrams('😀数', 3)).toEqual(['#😀数', '😀数#']));
});
