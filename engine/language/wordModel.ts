// What a decoder asks of whatever says how probable words are: an n-gram model, or a grammar.

/** What the tokens of a model are. A character model writes the space between words as a token of its own. */
export type LanguageUnit = 'word' | 'character';

/** A word as the model sees it. */
export interface TokenOf {
  readonly token: number;
  /** log10 p(word | token): 0, but of a word in a class. */
  readonly membership: number;
}

/** States and tokens are numbers of the model's own; all scores are log10. */
export interface WordModel {
  readonly unit: LanguageUnit;
  /** The state at the beginning of a sentence. */
  readonly begin: number;
  /** The token of a sentence's end; null where nothing is said of it. */
  readonly end: number | null;
  /** The token of every word that is not listed. */
  readonly unknown: number;
  /** All words that are listed. */
  words(): string[];
  tokenOf(word: string): TokenOf;
  /** log10 p(token | state). */
  score(state: number, token: number): number;
  next(state: number, token: number): number;
  /** log10 p(token) whatever came before: a first guess at a word that is still being spelled. */
  guess(token: number): number;
}
