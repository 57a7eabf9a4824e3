// Key phrases without learning, to compare with: a phrase counts for much that is frequent here and in few other documents
// (Spärck Jones 1972; here each n-gram of words is a term).
//
//   score(p, d) = tf(p, d) · ln(N / df(p))          N documents, df(p) of them with p
import { phraseText } from './phraseTags';

/** Words of a phrase at most. */
const MOST_WORDS = 4;
const IS_WORD = /^[\p{L}\p{N}]/u;
/** In more than so many of the documents a word is none that a phrase begins or ends with. */
const COMMON_SHARE = 0.2;

export class TfIdf {
  readonly #documents: number;
  readonly #frequency = new Map<string, number>();

  /** @param documents the words of each, from which it is learned how usual a phrase is; at least one */
  constructor(documents: readonly (readonly string[])[]) {
    this.#documents = documents.length;
    for (const words of documents)
      for (const phrase of new Set(allPhrases(words)))
        this.#frequency.set(phrase, (this.#frequency.get(phrase) ?? 0) + 1);
  }

  /** The document's phrases, the best first. */
  ranked(words: readonly string[]): string[] {
    const counts = new Map<string, number>();
    for (const phrase of allPhrases(words)) counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
    return [...counts]
      .filter(([phrase]) => !this.#hasCommonEdge(phrase))
      .map(([phrase, count]) => ({ phrase, score: count * Math.log(this.#documents / this.#in(phrase)) }))
      .sort((a, b) => b.score - a.score || (a.phrase < b.phrase ? -1 : 1))
      .map(({ phrase }) => phrase);
  }

  /** A phrase that no document has is as rare as one that one has. */
  #in(phrase: string): number {
    return this.#frequency.get(phrase) ?? 1;
  }
  #hasCommonEdge(phrase: string): boolean {
    const words = phrase.split(' ');
    const isCommon = (word: string): boolean => (this.#frequency.get(word) ?? 0) > COMMON_SHARE * this.#documents;
    return isCommon(words[0]!) || isCommon(words.at(-1)!);
  }
}

function allPhrases(words: readonly string[]): string[] {
  const phrases: string[] = [];
  for (let start = 0; start < words.length; start++)
    for (let end = start + 1; end <= Math.min(words.length, start + MOST_WORDS); end++) {
      if (!IS_WORD.test(words[end - 1]!)) break;
      phrases.push(phraseText(words.slice(start, end)));
    }
  return phrases;
}
