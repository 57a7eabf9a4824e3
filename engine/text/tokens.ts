// What a text is read as, step by step: words or characters.
import type { TextUnit } from '../../app/contract/textInput';
import { unreachable } from '../../app/errors';

/** Letters, marks and digits, held together by apostrophes; and every other sign but white space by itself. */
const TOKEN = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}\p{N}]+)*|[^\s\p{L}\p{M}\p{N}]/gu;

/** The words and punctuation marks of a text, NFC and in lower case. */
export const wordsOf = (text: string): string[] => text.normalize('NFC').toLowerCase().match(TOKEN) ?? [];

/** What white space parts, NFC and in lower case. */
const spacedOf = (text: string): string[] =>
  text
    .normalize('NFC')
    .toLowerCase()
    .split(/\s+/u)
    .filter((token) => token !== '');

/** The characters of a text, NFC: Unicode's code points, white space included. */
export const charactersOf = (text: string): string[] => [...text.normalize('NFC')];

/** What each step of a text reads. */
export function tokensOf(unit: TextUnit, text: string): string[] {
  switch (unit) {
    case 'word':
      return wordsOf(text);
    case 'character':
      return charactersOf(text);
    case 'spaced':
      return spacedOf(text);
    default:
      return unreachable(unit);
  }
}
