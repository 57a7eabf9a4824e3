import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fusion } from '../../../app/contract/decoding';
import { prefixBeamSearch } from '../../../engine/ctc/beam';
import { logSoftmax } from '../../../engine/ctc/posteriors';
import { Language, type LanguageParts } from '../../../engine/language/fusedLanguage';
import { Grammar } from '../../../engine/language/grammar';
import { kneserNeyModel } from '../../../engine/language/kneserNey';
import { tokensOf } from '../../../engine/language/languageText';
import { countNgrams } from '../../../engine/language/ngramCounts';
import { sentenceScore } from '../../../engine/language/sentenceScore';
import type { LanguageUnit, WordModel } from '../../../engine/language/wordModel';
import { labellingProbabilities } from '../ctc/bruteForce';

/** Classes e n o, the separator, then the blank: words "no", "on", "one". */
const ALPHABET = { symbols: ['e', 'n', 'o', ' '], wordSeparator: ' ', unknown: null };
const CLASSES = 5;
const BLANK = 4;
const EXHAUSTIVE = { beamWidth: 100_000, minProbability: 0 };
const WEIGHTS = { alpha: 0.7, beta: 0.4, unknownCost: 1.5 };
const NO_LANGUAGE: LanguageParts = { model: null, words: [], hotWords: [], weights: WEIGHTS };

const modelOf = (unit: LanguageUnit): WordModel & Parameters<typeof sentenceScore>[0] =>
  kneserNeyModel(
    countNgrams(
      ['no one', 'on no', 'no no one', 'on'].map((text) => tokensOf(text, unit)),
      3,
    ),
  );

const tinyLogits = fc
  .integer({ min: 1, max: 5 })
  .chain((frames) =>
    fc
      .array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: frames * CLASSES, maxLength: frames * CLASSES })
      .map((values) => ({ frames, logits: Float64Array.from(values) })),
  );

/** The score of every labelling: all its alignments, one by one, and what `languageScore` says of its text. */
function bruteForce(
  logits: Float64Array,
  frames: number,
  languageScore: (text: string) => number,
): Map<string, number> {
  const posteriors = logSoftmax(logits, frames, CLASSES).map(Math.exp);
  const scores = new Map<string, number>();
  for (const [labels, probability] of labellingProbabilities(posteriors, frames, CLASSES, BLANK)) {
    const text =
      labels === ''
        ? ''
        : labels
            .split(' ')
            .map((k) => ALPHABET.symbols[Number(k)])
            .join('');
    scores.set(text, Math.log(probability) + languageScore(text));
  }
  return scores;
}

function expectBruteForce(parts: LanguageParts, languageScore: (text: string) => number): void {
  const language = new Language(ALPHABET, parts);
  fc.assert(
    fc.property(tinyLogits, ({ logits, frames }) => {
      const expected = bruteForce(logits, frames, languageScore);
      const found = prefixBeamSearch(logits, frames, CLASSES, BLANK, EXHAUSTIVE, language.begin());
      const possible = [...expected.values()].filter((score) => score > -Infinity);
      expect(found.length).toBe(possible.length);
      for (const { emissions, score } of found)
        expect(score).toBeCloseTo(
          expected.get(emissions.map((each) => ALPHABET.symbols[each.classIndex]).join(''))!,
          8,
        );
      expect(found[0]?.score ?? 0).toBeCloseTo(Math.max(...possible), 8);
    }),
    { numRuns: 12 },
  );
}

const wordsIn = (text: string): string[] => text.split(' ').filter((word) => word !== '');
const ofWords =
  (model: Parameters<typeof sentenceScore>[0], { alpha, beta, unknownCost }: Omit<Fusion, 'beamWidth'>) =>
  (text: string): number => {
    const words = wordsIn(text);
    const strange = words.filter((word) => !model.knows(word)).length;
    return (
      alpha * Math.LN10 * sentenceScore(model, words) +
      beta * words.length -
      (strange === 0 ? 0 : strange * unknownCost)
    );
  };

describe('beam search with a language equals all alignments of all labellings, one by one', () => {
  test('with a model of words, and words that it does not list', () => {
    const model = modelOf('word');
    expectBruteForce({ ...NO_LANGUAGE, model }, ofWords(model, WEIGHTS));
  });

  test('with a model of words, and no others', () => {
    const model = modelOf('word');
    const weights = { ...WEIGHTS, unknownCost: Infinity };
    expectBruteForce({ ...NO_LANGUAGE, model, weights }, ofWords(model, weights));
  });

  test('with a model of characters', () => {
    const model = modelOf('character');
    expectBruteForce({ ...NO_LANGUAGE, model }, (text) => {
      const tokens = [...text].map((symbol) => (symbol === ' ' ? '▁' : symbol));
      return WEIGHTS.alpha * Math.LN10 * sentenceScore(model, tokens) + WEIGHTS.beta * tokens.length;
    });
  });

  test('with a list of words alone', () => {
    expectBruteForce({ ...NO_LANGUAGE, words: ['no', 'one'] }, (text) =>
      wordsIn(text).reduce(
        (sum, word) => sum + WEIGHTS.beta - (['no', 'one'].includes(word) ? 0 : WEIGHTS.unknownCost),
        0,
      ),
    );
  });

  test('with hot words, one inside another, each of which counts once for each time it is there', () => {
    const hotWords = [
      { phrase: 'no', boost: 2 },
      { phrase: 'no on', boost: 3 },
    ];
    expectBruteForce({ ...NO_LANGUAGE, hotWords }, (text) => {
      const words = wordsIn(text);
      // Two separators in a row part words, but no phrase.
      const pairs = ` ${text} `.match(/ no(?= on )/g)?.length ?? 0;
      return 2 * words.filter((word) => word === 'no').length + 3 * pairs + WEIGHTS.beta * words.length;
    });
  });
});

describe('a grammar', () => {
  const grammar = new Grammar(['no one', 'on']);
  const logOf = (...words: readonly string[]): number => {
    let state = grammar.begin;
    let score = 0;
    for (const word of words) {
      const { token } = grammar.tokenOf(word);
      score += grammar.score(state, token);
      state = grammar.next(state, token);
    }
    return score + grammar.score(state, grammar.end);
  };

  test('prefers its phrases, one after another, to anything else, which can be said all the same', () => {
    expect(logOf('no', 'one')).toBeCloseTo(Math.log10(1 / 2), 9);
    expect(logOf('on', 'no', 'one')).toBeGreaterThan(-2);
    for (const others of [['one'], ['no'], ['no', 'on'], ['ten']]) {
      expect(logOf(...others)).toBeLessThan(-2);
      expect(logOf(...others)).toBeGreaterThan(-10);
    }
  });
});
