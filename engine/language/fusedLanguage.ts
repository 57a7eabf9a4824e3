// What language models, a lexicon and hot words add to the prefixes of a beam: shallow fusion, kept node by node.
//
// score = α · ln p(words) + β · words + hot words; a word counts when a separator, unknown speech or the end follows it. A word
// of characters counts with every character. While a word is being spelled, the best guess at it (α · ln of the most probable
// word that begins this way) keeps it comparable with words that are complete.
import type { Alphabet } from '../../app/contract/model';
import type { BeamLanguage } from '../ctc/beam';
import { HotWords, type HotWord } from './hotWords';
import { Lexicon, NO_WORD, WORD_START } from './lexicon';
import { SPACE_TOKEN } from './ngramModel';
import type { WordModel } from './wordModel';

export interface FusionWeights {
  /** α, of ln p(words). */
  readonly alpha: number;
  /** β, in nats for each word; for each character where the model is of characters. */
  readonly beta: number;
  /** What a word outside the lexicon costs in nats; Infinity: there is none. */
  readonly unknownCost: number;
}

export interface LanguageParts {
  readonly model: WordModel | null;
  /** Words that are no strangers, besides those of a word model; empty: any spelling is a word. */
  readonly words: readonly string[];
  readonly hotWords: readonly HotWord[];
  readonly weights: FusionWeights;
}

type Kind = 'letter' | 'separator' | 'unknown' | 'word';

/** What does not change while hearing: shared by the beams of one model. */
export class Language {
  readonly model: WordModel | null;
  readonly weights: FusionWeights;
  readonly lexicon: Lexicon | null;
  readonly hot: HotWords;
  readonly kinds: readonly Kind[];
  /** Token of each class, where the model is of characters; else empty. */
  readonly characterTokens: readonly number[];

  constructor(alphabet: Alphabet, { model, words, hotWords, weights }: LanguageParts, hasWholeWords = false) {
    this.model = model;
    this.weights = weights;
    this.hot = new HotWords(hotWords, alphabet);
    const isOfCharacters = model?.unit === 'character';
    const listed = isOfCharacters || model === null ? words : [...model.words(), ...words];
    const known = [...listed, ...(listed.length > 0 ? hotWords.flatMap(({ phrase }) => phrase.split(/\s+/u)) : [])];
    this.lexicon = listed.length === 0 ? null : new Lexicon(known, alphabet, isOfCharacters ? null : model);
    this.kinds = alphabet.symbols.map((symbol) => {
      if (symbol === alphabet.wordSeparator) return 'separator';
      if (symbol === alphabet.unknown) return 'unknown';
      return hasWholeWords ? 'word' : 'letter';
    });
    this.characterTokens = isOfCharacters
      ? alphabet.symbols.map((symbol) => model.tokenOf(symbol === alphabet.wordSeparator ? SPACE_TOKEN : symbol).token)
      : [];
  }

  /** Of a new beam. */
  begin(): BeamLanguage {
    return new FusedLanguage(this);
  }
}

class FusedLanguage implements BeamLanguage {
  readonly #language: Language;
  /** After the last whole word. */
  #state = new Int32Array(0);
  /** Where the word that is being spelled stands in the lexicon; NO_WORD: outside. */
  #place = new Int32Array(0);
  #hot = new Int32Array(0);
  #isInWord = new Uint8Array(0);
  #isAfterUnknown = new Uint8Array(0);
  #score = new Float64Array(0);
  /** What is guessed of the word that is being spelled. */
  #guess = new Float64Array(0);

  constructor(language: Language) {
    this.#language = language;
  }

  reserve(capacity: number): void {
    if (this.#state.length >= capacity) return;
    const isNew = this.#state.length === 0;
    const moved = <A extends Int32Array | Uint8Array | Float64Array>(from: A, to: A): A => {
      to.set(from);
      return to;
    };
    this.#state = moved(this.#state, new Int32Array(capacity));
    this.#place = moved(this.#place, new Int32Array(capacity));
    this.#hot = moved(this.#hot, new Int32Array(capacity));
    this.#isInWord = moved(this.#isInWord, new Uint8Array(capacity));
    this.#isAfterUnknown = moved(this.#isAfterUnknown, new Uint8Array(capacity));
    this.#score = moved(this.#score, new Float64Array(capacity));
    this.#guess = moved(this.#guess, new Float64Array(capacity));
    if (!isNew) return;
    this.#state[0] = this.#language.model?.begin ?? 0;
    this.#place[0] = WORD_START;
    this.#hot[0] = this.#language.hot.start;
  }

  extend(parent: number, child: number, classIndex: number): boolean {
    this.move(parent, child);
    this.#isAfterUnknown[child] = 0;
    const kind = this.#language.kinds[classIndex]!;
    const isOpen = kind === 'letter' ? this.#spell(child, classIndex) : this.#endWord(child);
    if (!isOpen || this.#score[child] === -Infinity) return false;
    const isNewUnknown = kind === 'unknown' && this.#isAfterUnknown[parent] === 0;
    if (isNewUnknown && this.#language.model?.unit === 'word') this.#addToken(child, this.#unknownToken, 0);
    if (kind === 'unknown') this.#isAfterUnknown[child] = 1;
    if (kind === 'word' && !(this.#spell(child, classIndex) && this.#endWord(child))) return false;
    this.#addCharacter(child, classIndex);
    const hot = this.#language.hot.next(this.#hot[parent]!, classIndex);
    this.#score[child]! += this.#language.hot.gain(this.#hot[parent]!, hot);
    this.#hot[child] = hot;
    return true;
  }

  move(from: number, to: number): void {
    this.#state[to] = this.#state[from]!;
    this.#place[to] = this.#place[from]!;
    this.#hot[to] = this.#hot[from]!;
    this.#isInWord[to] = this.#isInWord[from]!;
    this.#isAfterUnknown[to] = this.#isAfterUnknown[from]!;
    this.#score[to] = this.#score[from]!;
    this.#guess[to] = this.#guess[from]!;
  }

  score(node: number): number {
    return this.#score[node]! + this.#guess[node]!;
  }

  finalScore(node: number): number {
    const { model, weights, hot } = this.#language;
    const isOfWords = model?.unit !== 'character';
    const token = this.#pendingToken(node);
    const score = this.#score[node]! + this.#pendingScore(node) + hot.gainAtEnd(this.#hot[node]!);
    if (model === null || model.end === null) return score;
    const hasPending = isOfWords && this.#isInWord[node] === 1;
    const state = hasPending ? model.next(this.#state[node]!, token) : this.#state[node]!;
    return score + weights.alpha * Math.LN10 * model.score(state, model.end);
  }

  fork(): BeamLanguage {
    const copy = new FusedLanguage(this.#language);
    copy.#state = this.#state.slice();
    copy.#place = this.#place.slice();
    copy.#hot = this.#hot.slice();
    copy.#isInWord = this.#isInWord.slice();
    copy.#isAfterUnknown = this.#isAfterUnknown.slice();
    copy.#score = this.#score.slice();
    copy.#guess = this.#guess.slice();
    return copy;
  }

  get #unknownToken(): number {
    return this.#language.model?.unknown ?? -1;
  }

  /** One more symbol of a word. */
  #spell(node: number, classIndex: number): boolean {
    const { lexicon, model, weights } = this.#language;
    this.#isInWord[node] = 1;
    if (lexicon === null || this.#place[node] === NO_WORD) return true;
    const place = lexicon.next(this.#place[node]!, classIndex);
    this.#place[node] = place;
    const ofWords = model !== null && model.unit === 'word';
    if (place !== NO_WORD) {
      this.#guess[node] = ofWords ? weights.alpha * Math.LN10 * lexicon.guessAt(place) : 0;
      return true;
    }
    const ofUnknown = ofWords ? weights.alpha * Math.LN10 * model.guess(model.unknown) : 0;
    this.#guess[node] = ofUnknown - weights.unknownCost;
    return this.#guess[node] > -Infinity;
  }

  /** The word that was being spelled, if any, is whole. */
  #endWord(node: number): boolean {
    if (this.#isInWord[node] === 0) return true;
    const token = this.#pendingToken(node);
    this.#score[node]! += this.#pendingScore(node);
    const { model } = this.#language;
    if (model !== null && model.unit === 'word') this.#state[node] = model.next(this.#state[node]!, token);
    this.#place[node] = WORD_START;
    this.#guess[node] = 0;
    this.#isInWord[node] = 0;
    return this.#score[node]! > -Infinity;
  }

  #isListed(node: number): boolean {
    const { lexicon } = this.#language;
    const place = this.#place[node]!;
    return lexicon === null || (place !== NO_WORD && lexicon.isWord(place));
  }
  #pendingToken(node: number): number {
    const { lexicon } = this.#language;
    return lexicon !== null && this.#isListed(node) ? lexicon.tokenAt(this.#place[node]!) : this.#unknownToken;
  }

  /** What the word that is being spelled would count if it ended here. */
  #pendingScore(node: number): number {
    if (this.#isInWord[node] === 0) return 0;
    const { model, lexicon, weights } = this.#language;
    const isListed = this.#isListed(node);
    const strange = isListed ? 0 : -weights.unknownCost;
    if (model === null) return strange + weights.beta;
    if (model.unit === 'character') return strange;
    const membership = isListed && lexicon !== null ? lexicon.membershipAt(this.#place[node]!) : 0;
    const probability = model.score(this.#state[node]!, this.#pendingToken(node)) + membership;
    return strange + weights.alpha * Math.LN10 * probability + weights.beta;
  }

  #addCharacter(node: number, classIndex: number): void {
    const token = this.#language.characterTokens[classIndex];
    if (token !== undefined) this.#addToken(node, token, this.#language.weights.beta);
  }

  #addToken(node: number, token: number, bonus: number): void {
    const { model, weights } = this.#language;
    if (model === null) return;
    this.#score[node]! += weights.alpha * Math.LN10 * model.score(this.#state[node]!, token) + bonus;
    this.#state[node] = model.next(this.#state[node]!, token);
  }
}
