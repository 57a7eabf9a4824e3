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
