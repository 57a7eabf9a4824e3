// Words by their spelling, as a tree over the classes of a network, in typed arrays.
import type { Alphabet } from '../../app/contract/model';
import { spellingOf } from '../text/spelling';
import type { WordModel } from './wordModel';

/** The node where every word begins. */
export const WORD_START = 0;
/** No word of the lexicon goes on this way. */
export const NO_WORD = -1;

interface Growing {
  readonly next: Map<number, Growing>;
  word: string | null;
}

export class Lexicon {
  readonly #classes: number;
  /** [nodes, C]: the node after a class, or NO_WORD. */
  readonly #next: Int32Array;
  /** Token of the word that ends here; -2 where none does. */
  readonly #token: Int32Array;
  readonly #membership: Float64Array;
  /** The best guess, log10, at a word that is spelled by going on. */
  readonly #guess: Float64Array;
  /** Words that the alphabet can write. */
  readonly size: number;

  /** @param model null where no word is more probable than another */
  constructor(words: Iterable<string>, alphabet: Alphabet, model: WordModel | null) {
    this.#classes = alphabet.symbols.length;
    const classOf = new Map(alphabet.symbols.map((symbol, index) => [symbol, index]));
    const root: Growing = { next: new Map(), word: null };
    const nodes: Growing[] = [root];
    let size = 0;
    for (const word of words) {
      const spelling = spellingOf(word.normalize('NFC'), alphabet).map((symbol) => classOf.get(symbol));
      if (spelling.length === 0 || spelling.includes(undefined)) continue;
      let node = root;
      for (const k of spelling as number[]) {
        let child = node.next.get(k);
        if (child === undefined) {
          child = { next: new Map(), word: null };
          node.next.set(k, child);
          nodes.push(child);
        }
        node = child;
      }
      if (node.word === null) size++;
      node.word = word;
    }
    this.size = size;
    const place = new Map(nodes.map((node, index) => [node, index]));
    this.#next = new Int32Array(nodes.length * this.#classes).fill(NO_WORD);
    this.#token = new Int32Array(nodes.length).fill(-2);
    this.#membership = new Float64Array(nodes.length);
    this.#guess = new Float64Array(nodes.length).fill(-Infinity);
    // A child always comes after its parent.
    for (let at = nodes.length - 1; at >= 0; at--) {
      const { next, word } = nodes[at]!;
      for (const [k, child] of next) {
        const to = place.get(child)!;
        this.#next[at * this.#classes + k] = to;
        this.#guess[at] = Math.max(this.#guess[at]!, this.#guess[to]!);
      }
      if (word === null) continue;
      const { token, membership } = model?.tokenOf(word) ?? { token: -1, membership: 0 };
      this.#token[at] = token;
      this.#membership[at] = membership;
      this.#guess[at] = Math.max(this.#guess[at]!, model === null ? 0 : model.guess(token) + membership);
    }
  }

  next(node: number, classIndex: number): number {
    return this.#next[node * this.#classes + classIndex]!;
  }
  isWord(node: number): boolean {
    return this.#token[node] !== -2;
  }
  tokenAt(node: number): number {
    return this.#token[node]!;
  }
  membershipAt(node: number): number {
    return this.#membership[node]!;
  }
  guessAt(node: number): number {
    return this.#guess[node]!;
  }
}
