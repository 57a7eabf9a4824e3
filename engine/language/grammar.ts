// A list of phrases as a language: one phrase after another, and a way out for everything else.
import { splitWords } from '../metrics/errorRates';
import type { LanguageUnit, TokenOf, WordModel } from './wordModel';

/** log10 of what a word outside the phrases costs, that it can be said at all. */
const WAY_OUT = -3;
const END = -2;
const UNKNOWN = -1;
const START = 0;

interface State {
  readonly next: Map<number, number>;
  isPhrase: boolean;
}

export class Grammar implements WordModel {
  readonly unit: LanguageUnit = 'word';
  readonly begin = START;
  readonly end = END;
  readonly unknown = UNKNOWN;
  readonly #idOf = new Map<string, number>();
  readonly #states: State[] = [{ next: new Map(), isPhrase: true }];

  /** @param phrases of one word or more; an empty one is passed over */
  constructor(phrases: Iterable<string>) {
    for (const phrase of phrases) {
      const words = splitWords(phrase);
      if (words.length === 0) continue;
      let at = START;
      for (const word of words) at = this.#grow(at, word);
      this.#states[at]!.isPhrase = true;
    }
  }

  words(): string[] {
    return [...this.#idOf.keys()];
  }
  tokenOf(word: string): TokenOf {
    return { token: this.#idOf.get(word) ?? UNKNOWN, membership: 0 };
  }

  /** All that a phrase allows to come next is as probable as each other; after a whole phrase another may begin. */
  score(state: number, token: number): number {
    const { next, isPhrase } = this.#states[state]!;
    if (token === END) return isPhrase ? 0 : WAY_OUT;
    const choices = next.size + (isPhrase && state !== START ? this.#states[START]!.next.size : 0);
    const isAllowed = next.has(token) || (isPhrase && this.#states[START]!.next.has(token));
    return isAllowed ? -Math.log10(choices) : WAY_OUT;
  }
  next(state: number, token: number): number {
    const { next, isPhrase } = this.#states[state]!;
    // Whatever lies outside the phrases, the next one may begin after it.
    return next.get(token) ?? (isPhrase ? this.#states[START]!.next.get(token) : undefined) ?? START;
  }
  guess(): number {
    return 0;
  }

  #grow(from: number, word: string): number {
    const id = this.#idOf.get(word) ?? this.#idOf.size;
    this.#idOf.set(word, id);
    const { next } = this.#states[from]!;
    const known = next.get(id);
    if (known !== undefined) return known;
    next.set(id, this.#states.length);
    this.#states.push({ next: new Map(), isPhrase: false });
    return this.#states.length - 1;
  }
}
