// What a person takes for one character: a letter with its marks, a Hangul syllable, an emoji. Unicode Standard Annex 29,
// extended grapheme clusters.

/** The boundaries of clusters do not depend on the language. */
const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });
/** Each is a cluster by itself, and most texts hold nothing else. */
const PLAIN = /^[\x20-\x7e]*$/;

/** The graphemes of a text in NFC, so that a letter is the same one whether its accent was typed with it or after it. */
export function graphemesOf(text: string): string[] {
  if (PLAIN.test(text)) return text.split('');
  return Array.from(segmenter.segment(text.normalize('NFC')), ({ segment }) => segment);
}
