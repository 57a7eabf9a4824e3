import { describe, expect, test } from 'vitest';
import { arpaText } from '../../../engine/language/arpa';
import { adjustedCounts, discountsOf, FALLBACK_DISCOUNTS, kneserNeyModel } from '../../../engine/language/kneserNey';
import { tokensOf } from '../../../engine/language/languageText';
import { countNgrams } from '../../../engine/language/ngramCounts';
import type { NgramModel } from '../../../engine/language/ngramModel';
import { STUPID_BACKOFF_FACTOR, stupidBackoffModel } from '../../../engine/language/stupidBackoff';
import { ENGLISH_CLASSES } from '../../../engine/language/wordClasses';
import { languageText, sentencesIn } from './fixtures';

const sentences = sentencesIn('sentences.txt').map((sentence) => tokensOf(sentence, 'word'));
const stateAfter = (model: NgramModel, words: readonly string[]): number =>
  words.reduce((state, word) => model.next(state, model.tokenOf(word).token), model.begin);

/** Σ p(w | context) over all that can come: words, an unknown one, the end. */
function massAfter(model: NgramModel, words: readonly string[]): number {
  const state = stateAfter(model, words);
  const ofWords = model.words().reduce((sum, word) => {
    const { token, membership } = model.tokenOf(word);
    return sum + 10 ** (model.score(state, token) + membership);
  }, 0);
  return ofWords + 10 ** model.score(state, model.end!) + 10 ** model.score(state, model.unknown);
}

describe('modified Kneser-Ney', () => {
  test('makes of a text the stored model', () => {
    expect(arpaText(kneserNeyModel(countNgrams(sentences, 3)))).toBe(languageText('kneser-ney.arpa'));
  });

  test.each([1, 2, 3, 4])('of order %i gives probabilities that sum to 1 after any words', (order) => {
    const model = kneserNeyModel(countNgrams(sentences, order));
    for (const words of [[], ['the'], ['the', 'cat'], ['on', 'the', 'mat'], ['bird'], ['cat', 'cat', 'mat', 'the']])
      expect(massAfter(model, words)).toBeCloseTo(1, 5);
  });

  test('counts what stands before a shorter n-gram, but how often one at the beginning occurs', () => {
    const adjusted = adjustedCounts(
      countNgrams(
        [
          ['a', 'b'],
          ['a', 'b'],
          ['c', 'b'],
        ],
        3,
      ),
    );
    expect(Object.fromEntries(adjusted[0]!)).toEqual({ a: 1, b: 2, c: 1, '</s>': 1 });
    expect(Object.fromEntries(adjusted[1]!)).toEqual({ '<s> a': 2, '<s> c': 1, 'a b': 1, 'c b': 1, 'b </s>': 2 });
    expect(adjusted[2]!.get('<s> a b')).toBe(2);
  });

  test('takes its discounts from counts of counts, and falls back where they tell nothing', () => {
    // n1 = 6, n2 = 3, n3 = 2, n4 = 1, so Y = 1/2.
    const counts = [1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 9];
    expect(discountsOf(counts)).toEqual([1 - (2 * 0.5 * 3) / 6, 2 - (3 * 0.5 * 2) / 3, 3 - (4 * 0.5 * 1) / 2]);
    expect(discountsOf([5, 6])).toBe(FALLBACK_DISCOUNTS);
  });

  test('of a model with classes sums to 1, and tells nothing of what stood inside a run', () => {
    const spelled = ['b o b', 'b o b', 'a n n', 'enter four seven'].map((sentence) => tokensOf(sentence, 'word'));
    const model = kneserNeyModel(countNgrams(spelled, 3, ENGLISH_CLASSES), ENGLISH_CLASSES);
    expect(massAfter(model, ['b', 'o'])).toBeCloseTo(1, 5);
    const scoreAfter = (words: readonly string[], word: string): number => {
      const { token, membership } = model.tokenOf(word);
      return model.score(stateAfter(model, words), token) + membership;
    };
    expect(scoreAfter(['b', 'o'], 'b')).toBe(scoreAfter(['x', 'q'], 'z'));
    const words = arpaText(model).split('\\data\\')[1]!;
    expect(words).not.toMatch(/\s(?:a|b|n|o|four|seven)\s/);
  });
});

describe('stupid back-off', () => {
  test('is the relative frequency, times the factor for each word of context that is given up', () => {
    const model = stupidBackoffModel(
      countNgrams(
        [
          ['a', 'b', 'b'],
          ['a', 'c'],
        ],
        2,
      ),
    );
    const score = (words: readonly string[], word: string): number =>
      10 ** model.score(stateAfter(model, words), model.tokenOf(word).token);
    expect(score(['a'], 'b')).toBeCloseTo(1 / 2, 6);
    expect(score([], 'a')).toBeCloseTo(1, 6);
    // 7 tokens, the ends among them.
    expect(score(['c'], 'b')).toBeCloseTo((STUPID_BACKOFF_FACTOR * 2) / 7, 6);
  });
});
