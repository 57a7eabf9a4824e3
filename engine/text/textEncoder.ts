// Text to a network's input: slots for an embedding, or counts of slots.
//
// Letters: n steps, V slots, K slots of a step at most.
import { ownWords, slotCount, slotsPerStep, unitOf, type TextEncoding } from '../../app/contract/textInput';
import { unreachable } from '../../app/errors';
import { letterNGrams } from './letterNGrams';
import { tokensOf } from './tokens';

/** Stands where a step has fewer slots than there is room for. */
export const NO_SLOT = -1;

const never = (): boolean => false;

export class TextEncoder {
  readonly #encoding: TextEncoding;
  readonly #slots: ReadonlyMap<string, number>;
  /** Of words that have one besides their n-grams. */
  readonly #wordSlots: ReadonlyMap<string, number>;

  constructor(encoding: TextEncoding) {
    this.#encoding = encoding;
    this.#slots = new Map(encoding.known.map((entry, slot) => [entry, slot]));
    this.#wordSlots = new Map(ownWords(encoding).map((word, index) => [word, encoding.known.length + index]));
  }

  /** The slot of everything that is not known: the last one. */
  get other(): number {
    return this.#slots.size + this.#wordSlots.size;
  }

  /** What each step reads: words or characters. */
  tokens(text: string): string[] {
    return tokensOf(unitOf(this.#encoding), text);
  }

  /** The slots of one token, as often as it has them; a word that has none of its own has those of its n-grams alone. */
  slotsOf(token: string): number[] {
    const slots = this.#ofEntries(token);
    const own = this.#wordSlots.get(token);
    return own === undefined ? slots : [...slots, own];
  }
  /** The slots of a token as if it had not been among those that the encoding was made of. */
  slotsAsUnknown(token: string): number[] {
    return this.#encoding.kind === 'oneOfN' ? [this.other] : this.#ofEntries(token);
  }
  #ofEntries(token: string): number[] {
    return this.#entriesOf(token).map((entry) => this.#slots.get(entry) ?? this.other);
  }

  /** Input of a network with an embedding: the slots of every step, [n, K], NO_SLOT where there are fewer. */
  slotFrames(text: string, isUnknown: (step: number) => boolean = never): Float32Array {
    const K = slotsPerStep(this.#encoding);
    const tokens = this.tokens(text);
    const frames = new Float32Array(tokens.length * K).fill(NO_SLOT);
    tokens.forEach((token, step) =>
      frames.set(isUnknown(step) ? this.slotsAsUnknown(token) : this.slotsOf(token), step * K),
    );
    return frames;
  }

  /** Input of a network without an embedding: how often every step has each slot, [n, V]. */
  countFrames(text: string, isUnknown: (step: number) => boolean = never): Float32Array {
    const V = slotCount(this.#encoding);
    const tokens = this.tokens(text);
    const frames = new Float32Array(tokens.length * V);
    tokens.forEach((token, step) => {
      const slots = isUnknown(step) ? this.slotsAsUnknown(token) : this.slotsOf(token);
      for (const slot of slots) frames[step * V + slot]! += 1;
    });
    return frames;
  }

  #entriesOf(token: string): string[] {
    switch (this.#encoding.kind) {
      case 'oneOfN':
        return [token];
      case 'letterNGrams':
        return letterNGrams(token, this.#encoding.n).slice(0, this.#encoding.maxPerWord);
      default:
        return unreachable(this.#encoding);
    }
  }
}
