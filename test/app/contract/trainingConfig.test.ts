import { expect, it } from 'vitest';
import { trainingConfigSchema } from '../../../app/contract/trainingConfig';
import { starterConfig } from '../../../app/starterConfig';

const messageOf = (vocabulary: readonly string[] | null): string | undefined =>
  trainingConfigSchema.safeParse({ ...starterConfig(['one']), vocabulary, symbols: 'words' }).error?.issues[0]?.message;

it('takes the words of a vocabulary as symbols', () => {
  expect(messageOf(['one', 'two'])).toBeUndefined();
});

it.each([
  ['no vocabulary', null],
  ['a word of more characters than a symbol may have', ['one', 'seventeencharacte']],
  ['a word with a space in it', ['one', 'twenty one']],
])('refuses words as symbols with %s', (_, vocabulary) => {
  expect(messageOf(vocabulary)).toBe('reason.training.wordSymbols');
});

it('refuses strange speech to be learned without a vocabulary, which alone has a symbol for it', () => {
  const stringing = [{ corpus: 'digits', strangeChance: 0.1 }];
  const issuesOf = (vocabulary: readonly string[] | null) =>
    trainingConfigSchema.safeParse({ ...starterConfig(['one']), vocabulary, stringing }).error?.issues ?? [];
  expect(issuesOf(['one'])).toEqual([]);
  expect(issuesOf(null)).toMatchObject([
    { path: ['stringing', 0, 'strangeChance'], message: 'reason.training.strangeVocabulary' },
  ]);
});
