// Words and phrases that are boosted wherever they are heard: each symbol of one brings its share, and what a labelling got for
// a phrase that then goes otherwise is taken back. Aho & Corasick 1975, so that a phrase may begin inside another.
import { HOT_WORD_BOOST } from '../../app/contract/decoding';
import type { Alphabet } from '../../app/contract/model';
import { splitWords } from '../metrics/errorRates';
import { spellingOf } from '../text/spelling';

export interface HotWord {
  readonly phrase: string;
  /** Nats that a labelling with it gains, once for each time it is there. */
  readonly boost: number;
}

interface Node {
  readonly next: Map<number, number>;
  /** Of the phrases that begin this way, so far. */
  promised: number;
  /** The node of the longest proper suffix. */
  fail: number;
  /** Gained for good on arriving here: phrases that end here. */
  gained: number;
}

/** States are numbers; `start` is the beginning of a word with nothing before it. */
export class HotWords {
  readonly start: number;
  /** The class that stands around phrases; words that are symbols have none around them. */
  readonly #separator: number;
  readonly #nodes: Node[] = [{ next: new Map(), promised: 0, fail: 0, gained: 0 }];

  /** @param hotWords those that the alphabet cannot write are passed over */
  constructor(hotWords: readonly HotWord[], alphabet: Alphabet) {
    const classOf = new Map(alphabet.symbols.map((symbol, index) => [symbol, index]));
    this.#separator = alphabet.wordSeparator === null ? -1 : (classOf.get(alphabet.wordSeparator) ?? -1);
    const around = this.#separator < 0 ? [] : [this.#separator];
    for (const { phrase, boost } of hotWords) {
      const words = splitWords(phrase).map((word) => spellingOf(word, alphabet).map((symbol) => classOf.get(symbol)));
      const inner = words.flatMap((word, index) => (index === 0 ? word : [...around, ...word]));
      if (inner.length === 0 || inner.includes(undefined)) continue;
      this.#add([...around, ...(inner as number[]), ...around], Math.min(HOT_WORD_BOOST.max, Math.max(0, boost)));
    }
    this.#link();
    this.start = this.#separator < 0 ? 0 : this.#step(0, this.#separator);
  }

  next(state: number, classIndex: number): number {
    return this.#step(state, classIndex);
  }
  /** What going from one state to the next adds, in nats. */
  gain(state: number, next: number): number {
    return this.#nodes[next]!.gained + this.#nodes[next]!.promised - this.#nodes[state]!.promised;
  }
  /** What the end of the utterance after this state adds: a phrase that is whole stays, another is taken back. */
  gainAtEnd(state: number): number {
    const { promised } = this.#nodes[state]!;
    return this.#separator < 0 ? -promised : this.#nodes[this.#step(state, this.#separator)]!.gained - promised;
  }

  #add(classes: readonly number[], boost: number): void {
    let at = 0;
    classes.forEach((k, index) => {
      let child = this.#nodes[at]!.next.get(k);
      if (child === undefined) {
        child = this.#nodes.length;
        this.#nodes.push({ next: new Map(), promised: 0, fail: 0, gained: 0 });
        this.#nodes[at]!.next.set(k, child);
      }
      at = child;
      const node = this.#nodes[at]!;
      // The beginning of a word promises nothing yet.
      const isOnlyAround = classes.length > 1 && index === 0 && this.#separator >= 0;
      const isWhole = index === classes.length - 1;
      if (!isOnlyAround && !isWhole) node.promised = Math.max(node.promised, (boost * (index + 1)) / classes.length);
      if (isWhole) node.gained = Math.max(node.gained, boost);
    });
  }

  #link(): void {
    const queue = [...this.#nodes[0]!.next.values()];
    for (let head = 0; head < queue.length; head++) {
      const at = queue[head]!;
      for (const [k, child] of this.#nodes[at]!.next) {
        this.#nodes[child]!.fail = this.#step(this.#nodes[at]!.fail, k);
        queue.push(child);
      }
    }
    // By length: what ends as a suffix of a phrase is there too.
    for (const at of queue) {
      const node = this.#nodes[at]!;
      node.gained += this.#nodes[node.fail]!.gained;
    }
  }

  #step(state: number, classIndex: number): number {
    for (let node = state; ; node = this.#nodes[node]!.fail) {
      const next = this.#nodes[node]!.next.get(classIndex);
      if (next !== undefined) return next;
      if (node === 0) return 0;
    }
  }
}
