// A closed vocabulary: a word that the network misspelled is read as the word of the card that its frames say most probably.
//
// The network spells letter by letter and knows no words; where its card lists all words it understands, a spelling that is
// none of them is a mistake, and the posteriors around it still tell which word was meant. Where even the best word is far
// less probable than the spelling itself, nothing is changed: that was some other speech.
import { blankClass } from '../../app/contract/model';
import { alignLabels } from './alignment';
import { spellingOf } from '../text/spelling';
import type { Emission } from './emission';
import { ctcLoss, requiredFrames } from './loss';
import { classCount, type TextManifest } from './words';

/** Nats that the best word may be less probable than what was spelled. */
const MAX_SURPRISE = 8;
/** Mean posterior over its symbols that a word must reach; below it the misspelling stands, and is shown as unsure. */
const MIN_CONFIDENCE = 0.25;

export class Vocabulary {
  readonly #words: readonly Int32Array[];
  readonly #classes: number;
  readonly #blank: number;

  /** Words that the alphabet cannot write are left out. */
  constructor(manifest: TextManifest) {
    const classOf = new Map(manifest.alphabet.symbols.map((symbol, index) => [symbol, index]));
    this.#words = manifest.card.words
      .map((word) => Int32Array.from(spellingOf(word, manifest.alphabet), (symbol) => classOf.get(symbol) ?? -1))
      .filter((labels) => !labels.includes(-1));
    this.#classes = classCount(manifest);
    this.#blank = blankClass(manifest.alphabet);
  }

  get isEmpty(): boolean {
    return this.#words.length === 0;
  }

  /**
   * The word that these frames most probably say, as symbols with their frames; null where none is near.
   * @param logits [n, C] before softmax, of the word and what lies directly around it.
   * @param spelled classes of the spelling that was heard in them.
   */
  read(logits: Float32Array, spelled: readonly number[]): Emission[] | null {
    const n = logits.length / this.#classes;
    const lossOf = (labels: ArrayLike<number>): number =>
      requiredFrames(labels) > n ? Infinity : ctcLoss(logits, n, this.#classes, labels, this.#blank).loss;
    let best: Int32Array | null = null;
    let least = lossOf(spelled) + MAX_SURPRISE;
    for (const word of this.#words) {
      const loss = lossOf(word);
      if (loss >= least) continue;
      least = loss;
      best = word;
    }
    if (best === null) return null;
    const symbols = alignLabels(logits, n, this.#classes, best, this.#blank);
    const confidence = symbols.reduce((sum, symbol) => sum + symbol.confidence, 0) / symbols.length;
    return confidence < MIN_CONFIDENCE ? null : symbols;
  }
}
