// What a text is read as, step by step: words or characters.

/** Letters, marks and digits, held together by apostrophes; and every other sign but white space by itself. */
const TOKEN = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}\p{N}]+)*|[^\s\p{L}\p{M}\p{N}]/gu;

/** The words and punctuation marks of a text, NFC and in lower case. */
export const wordsOf = (text: string): string[] => text.normalize('NFC').toLowerCase().match(TOKEN) ?? [];

/** The characters of a text, NFC: Unicode's code points, white space included. */
export const charactersOf = (text: string): string[] => [...text.normalize('NFC')];
