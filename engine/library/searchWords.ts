// How text becomes words that can be searched: the same for what is kept and for what is asked.

/** Scripts that write no spaces: every character is a word of its own there, and neighbours are found as a phrase. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu;

/** Text as the index keeps it. */
export const indexedText = (text: string): string => text.replace(UNSPACED, ' $& ');

const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/**
 * A query in FTS5's language: every word typed must begin a word of the text, in any order; a run without spaces stays together.
 * @returns null where nothing was typed that could be found
 */
export function fullTextQuery(query: string): string | null {
  const terms = query
    .split(/\s+/)
    .map((typed) => indexedText(typed).match(WORD) ?? [])
    .filter((words) => words.length > 0)
    .map((words) => `"${words.join(' ')}" *`);
  return terms.length === 0 ? null : terms.join(' AND ');
}
