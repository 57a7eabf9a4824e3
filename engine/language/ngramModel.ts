// An n-gram language model with back-off as an automaton: a state is the longest context that the model knows.
//
// Katz 1987, equation 14, in the form of the ARPA files: p(w | c) stands in the model where it lists the n-gram c·w; else it is
// the back-off weight of c times p(w | c without its first word). Nodes are n-grams; each knows the longest listed n-gram that
// is a proper suffix of it, so backing off is one step and no context is ever spelled out.

import type { LanguageUnit, TokenOf, WordModel } from './wordModel';

/** Stands for the space between words in a model of characters. */
export const SPACE_TOKEN = '▁';
export const BEGIN_TOKEN = '<s>';
export const END_TOKEN = '</s>';
export const UNKNOWN_TOKEN = '<unk>';

/** log10 p of an unknown word where the model lists none, as KenLM has it. */
const MISSING_UNKNOWN = -100;
const ROOT = 0;

/** Words that are as probable as each other wherever their token stands. */
export interface WordClass {
  /** As "<letter>". */
  readonly token: string;
  readonly words: readonly string[];
}

/** Grows as n-grams come; an n-gram's prefix and all shorter n-grams come before it. */
export class NgramModel implements WordModel {
  readonly order: number;
  readonly classes: readonly WordClass[];
  readonly #tokens: string[] = [];
  readonly #idOf = new Map<string, number>();
  readonly #inClass = new Map<string, { readonly token: string; readonly membership: number }>();
  #size = 1;
  #parent = new Int32Array(64);
  #token = new Int32Array(64);
  #suffix = new Int32Array(64);
  #length = new Uint8Array(64);
  /** log10 p(last token | tokens before it), and the back-off weight as a context. */
  #logProbability = new Float32Array(64);
  #backOff = new Float32Array(64);
  /** Open addressing: node of (parent, token), 0 where there is none. */
  #table = new Int32Array(256);

  constructor(order: number, classes: readonly WordClass[] = []) {
    this.order = order;
    this.classes = classes;
    for (const { token, words } of classes)
      for (const word of words) this.#inClass.set(word, { token, membership: -Math.log10(words.length) });
  }

  get unit(): LanguageUnit {
    return this.#idOf.has(SPACE_TOKEN) ? 'character' : 'word';
  }
  /** Number of n-grams of each length, from 1. */
  get counts(): number[] {
    const counts = new Array<number>(this.order).fill(0);
    for (let node = 1; node < this.#size; node++) counts[this.#length[node]! - 1]!++;
    return counts;
  }
  get tokens(): readonly string[] {
    return this.#tokens;
  }
  /** All words that the model knows: its tokens but for the marks, and the words of its classes in the place of theirs. */
  words(): string[] {
    const marks = new Set([BEGIN_TOKEN, END_TOKEN, UNKNOWN_TOKEN, ...this.classes.map(({ token }) => token)]);
    return [
      ...this.#tokens.filter((token) => !marks.has(token)),
      ...this.classes.filter(({ token }) => this.#idOf.has(token)).flatMap(({ words }) => words),
    ];
  }

  /**
   * @param tokens the n-gram, 1 to order
   * @param logProbability log10 p(last | before)
   * @param backOff log10 of its weight as a context
   * @returns false where the n-gram is there already, or its prefix or one of its tokens is not
   */
  add(tokens: readonly string[], logProbability: number, backOff: number): boolean {
    const last = tokens.at(-1)!;
    if (tokens.length === 1) {
      if (this.#idOf.has(last)) return false;
      this.#idOf.set(last, this.#tokens.length);
      this.#tokens.push(last);
    }
    const token = this.#idOf.get(last);
    const parent = this.#walk(tokens.slice(0, -1));
    if (token === undefined || parent === null || this.#child(parent, token) !== 0) return false;
    const suffix = tokens.length === 1 ? ROOT : this.#reach(this.#suffix[parent]!, token);
    const node = this.#newNode(parent, token);
    this.#suffix[node] = suffix;
    this.#length[node] = tokens.length;
    this.#logProbability[node] = logProbability;
    this.#backOff[node] = backOff;
    return true;
  }

  /** The state at the beginning of a sentence. */
  get begin(): number {
    const id = this.#idOf.get(BEGIN_TOKEN);
    return id === undefined ? ROOT : this.#child(ROOT, id);
  }
  /** The token of the sentence's end; null where the model lists none. */
  get end(): number | null {
    return this.#idOf.get(END_TOKEN) ?? null;
  }
  /** Stands for every word that the model does not know; -1 where it lists none. */
  get unknown(): number {
    return this.#idOf.get(UNKNOWN_TOKEN) ?? -1;
  }
  /** A word as the model sees it; one that it does not know is `unknown`. */
  tokenOf(word: string): TokenOf {
    const { token, membership } = this.#inClass.get(word) ?? { token: word, membership: 0 };
    const id = this.#idOf.get(token);
    return id === undefined ? { token: this.unknown, membership: 0 } : { token: id, membership };
  }
  knows(word: string): boolean {
    return this.#idOf.has(this.#inClass.get(word)?.token ?? word);
  }

  /** log10 p(token | state). */
  score(state: number, token: number): number {
    if (token < 0) return MISSING_UNKNOWN;
    let score = 0;
    for (let node = state; ; node = this.#suffix[node]!) {
      const child = this.#child(node, token);
      if (child !== 0) return score + this.#logProbability[child]!;
      score += this.#backOff[node]!;
    }
  }
  /** The state after the token. */
  next(state: number, token: number): number {
    if (token < 0) return ROOT;
    const node = this.#reach(state, token);
    return this.#length[node] === this.order ? this.#suffix[node]! : node;
  }

  /** log10 p(token) whatever came before. */
  guess(token: number): number {
    return this.score(ROOT, token);
  }

  /** All n-grams of one length, in the order they came. */
  *ngrams(length: number): Generator<{ tokens: string[]; logProbability: number; backOff: number }> {
    for (let node = 1; node < this.#size; node++) {
      if (this.#length[node] !== length) continue;
      const tokens: string[] = [];
      for (let up = node; up !== ROOT; up = this.#parent[up]!) tokens.unshift(this.#tokens[this.#token[up]!]!);
      yield { tokens, logProbability: this.#logProbability[node]!, backOff: this.#backOff[node]! };
    }
  }

  #walk(tokens: readonly string[]): number | null {
    let node = ROOT;
    for (const word of tokens) {
      const token = this.#idOf.get(word);
      if (token === undefined) return null;
      node = this.#child(node, token);
      if (node === 0) return null;
    }
    return node;
  }

  /** The longest n-gram that ends with the token after a suffix of the state; each token is listed alone. */
  #reach(state: number, token: number): number {
    let node = state;
    for (;;) {
      const child = this.#child(node, token);
      if (child !== 0) return child;
      node = this.#suffix[node]!;
    }
  }

  #child(parent: number, token: number): number {
    const mask = this.#table.length - 1;
    for (let slot = hash(parent, token) & mask; ; slot = (slot + 1) & mask) {
      const node = this.#table[slot]!;
      if (node === 0 || (this.#parent[node] === parent && this.#token[node] === token)) return node;
    }
  }

  #newNode(parent: number, token: number): number {
    if (this.#size === this.#parent.length) this.#grow();
    const node = this.#size++;
    this.#parent[node] = parent;
    this.#token[node] = token;
    this.#put(node);
    return node;
  }

  #put(node: number): void {
    const mask = this.#table.length - 1;
    let slot = hash(this.#parent[node]!, this.#token[node]!) & mask;
    while (this.#table[slot] !== 0) slot = (slot + 1) & mask;
    this.#table[slot] = node;
  }

  #grow(): void {
    const length = 2 * this.#parent.length;
    const moved = <A extends Int32Array | Uint8Array | Float32Array>(from: A, to: A): A => {
      to.set(from);
      return to;
    };
    this.#parent = moved(this.#parent, new Int32Array(length));
    this.#token = moved(this.#token, new Int32Array(length));
    this.#suffix = moved(this.#suffix, new Int32Array(length));
    this.#length = moved(this.#length, new Uint8Array(length));
    this.#logProbability = moved(this.#logProbability, new Float32Array(length));
    this.#backOff = moved(this.#backOff, new Float32Array(length));
    this.#table = new Int32Array(4 * length);
    for (let node = 1; node < this.#size; node++) this.#put(node);
  }
}

function hash(parent: number, token: number): number {
  const mixed = Math.imul(parent, 0x9e3779b1) ^ Math.imul(token + 1, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
