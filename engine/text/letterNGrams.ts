// Word hashing (Huang et al., "Learning Deep Structured Semantic Models for Web Search using Clickthrough Data", CIKM 2013,
// section 3.2): a word as the n-grams of its letters, so that words with a common part have common slots.

const END_MARK = '#';

/**
 * The letter n-grams of "#word#" in their order, repeated ones repeated: "good" → #go, goo, ood, od#. A word too short for one
 * n-gram is one itself, with its marks.
 */
export function letterNGrams(word: string, n: number): string[] {
  const letters = [END_MARK, ...word, END_MARK];
  const count = Math.max(1, letters.length - n + 1);
  return Array.from({ length: count }, (_, start) => letters.slice(start, start + n).join(''));
}
