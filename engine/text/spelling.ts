// How a word is written in the symbols of an alphabet: letter by letter, or by a symbol of its own.
import type { Alphabet } from '../../app/contract/model';
import { graphemesOf } from './graphemes';

/**
 * Whether the alphabet's symbols are whole words: nothing parts them then, and each is a word of the card.
 * @param words of the card, NFC
 */
export const writesWholeWords = ({ symbols, wordSeparator }: Alphabet, words: readonly string[]): boolean =>
  wordSeparator === null && words.length > 0 && words.every((word) => symbols.includes(word));

/** The symbols of one word of the card; some may be none of the alphabet's. */
export const spellingOf = (word: string, alphabet: Alphabet): readonly string[] =>
  alphabet.wordSeparator === null && alphabet.symbols.includes(word) ? [word] : graphemesOf(word);
