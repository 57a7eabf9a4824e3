// Recognised text where it stands without its marks: in lists, on the clipboard, in a file. Speech that the model has no word
// for is a gap there, never a word.
import type { Word } from '../../app/contract/recognition';

const GAP = '…';

/** Whether the model read a word that it knows. */
export const isSure = (word: Word): boolean => word.isKnown && word.text !== '';

/** Lines joined by "\n"; empty where not one known word was heard. */
export function plainText(spoken: readonly { readonly words: readonly Word[] }[]): string {
  const lines = spoken.map(({ words }) => joined(words.map((word) => (isSure(word) ? word.text : GAP))));
  return lines.some((line) => line !== '' && line !== GAP) ? lines.filter((line) => line !== '').join('\n') : '';
}

/** A text whose words are only known by their letters. @param vocabulary all words of the model, empty where it spells any */
export function knownText(text: string, vocabulary: readonly string[]): string {
  if (vocabulary.length === 0) return text;
  const known = new Set(vocabulary);
  const lines = text.split('\n').map((line) => joined(line.split(' ').map((word) => (known.has(word) ? word : GAP))));
  return lines.some((line) => line !== '' && line !== GAP) ? lines.join('\n') : '';
}

/** Gaps that follow each other are one. */
const joined = (words: readonly string[]): string =>
  words.filter((word, index) => word !== GAP || words[index - 1] !== GAP).join(' ');
