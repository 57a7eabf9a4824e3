import { describe, expect, test } from 'vitest';
import { arpaText } from '../../../engine/language/arpa';
import { sentenceScore } from '../../../engine/language/sentenceScore';
import { arpaModel, languageText } from './fixtures';

const SMALL = `class <digit> one two

\\data\\
ngram 1=4
ngram 2=2

\\1-grams:
-0.5\t</s>
-99\t<s>\t-0.3
-0.6\t<digit>\t-0.2
-0.7\t<unk>

\\2-grams:
-0.1\t<s> <digit>
-0.2\t<digit> </s>

\\end\\
`;

describe('an ARPA file', () => {
  test.each(['kneser-ney.arpa', 'characters.arpa'])('%s is written as it was read', (name) => {
    const text = languageText(name);
    expect(arpaText(arpaModel(text))).toBe(text);
  });

  test('keeps its classes, whose words share the probability of their token', () => {
    const model = arpaModel(SMALL);
    expect(arpaText(model)).toMatch(/^class <digit> one two\n\n\\data\\\n/);
    expect(sentenceScore(model, ['two'])).toBeCloseTo(-0.1 - Math.log10(2) - 0.2, 6);
    expect(model.words().sort()).toEqual(['one', 'two']);
    expect([model.knows('one'), model.knows('three')]).toEqual([true, false]);
  });

  test('may have spaces for tabs, comments before it, Windows line ends and no weights', () => {
    const loose = `made by hand\r\n${SMALL.replaceAll('\t', ' ').replaceAll('\n', '\r\n')}`;
    expect(sentenceScore(arpaModel(loose), ['one'])).toBeCloseTo(sentenceScore(arpaModel(SMALL), ['one']), 6);
  });

  test.each([
    ['no beginning', () => 'hello\n', 1, 'data'],
    ['no counts', () => '\\data\\\n\\1-grams:\n', 2, 'counts'],
    ['counts out of order', () => SMALL.replace('ngram 2=', 'ngram 3='), 5, 'go up'],
    ['more n-grams than a program holds', () => SMALL.replace('ngram 2=2', 'ngram 2=99999999999'), 5, 'more than'],
    ['a missing section', () => SMALL.replace('\\2-grams:', '\\3-grams:'), 13, '\\2-grams:'],
    ['fewer n-grams than announced', () => SMALL.replace('ngram 1=4', 'ngram 1=5'), 13, '5 n-grams'],
    ['more n-grams than announced', () => SMALL.replace('ngram 1=4', 'ngram 1=3'), 11, '3 n-grams'],
    ['a probability above 1', () => SMALL.replace('-0.6', '0.6'), 10, 'at most 0'],
    ['what is no number', () => SMALL.replace('-0.6', 'NaN'), 10, 'finite number'],
    ['a number without end', () => SMALL.replace('-0.6', '-1e999'), 10, 'finite number'],
    ['too few words', () => SMALL.replace('<s> <digit>', '<s>'), 14, '2 words'],
    ['an n-gram twice', () => SMALL.replace('<digit> </s>', '<s> <digit>'), 15, 'already'],
    ['an n-gram of an unlisted word', () => SMALL.replace('<digit> </s>', '<digit> three'), 15, 'already'],
    ['no end', () => SMALL.replace('\\end\\', ''), 17, '\\end\\'],
    ['a word in a class and by itself', () => SMALL.replace('<unk>', 'one'), 17, '“one”'],
    ['a word in two classes', () => `class <other> two\n${SMALL}`, 2, '“two”'],
    ['a line without end', () => `${'a'.repeat(70_000)}\n${SMALL}`, 1, 'too long'],
  ])('with %s is refused, with its line', (_name, text, line, reason) => {
    expect(() => arpaModel(text())).toThrow(
      expect.objectContaining({ message: expect.stringMatching(new RegExp(`^lm\\.arpa, line ${line}: `)) as string }),
    );
    expect(() => arpaModel(text())).toThrow(reason);
  });
});
