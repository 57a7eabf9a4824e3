// From symbols to words and lines. Live text and whole files pass through the one assembler here, so they cannot differ.
import { DEFAULT_ENDPOINTS } from '../../app/contract/decoding';
import { blankClass, stepMsOf, type RecogniserManifest } from '../../app/contract/model';
import type { NetworkSpec } from '../../app/contract/network';
import type { Character, Utterance, Word } from '../../app/contract/recognition';
import { graphemesOf } from '../text/graphemes';
import { writesWholeWords } from '../text/spelling';
import { calibrated } from './confidence';
import type { Emission } from './emission';

/** What of a model's manifest says how its symbols become words. */
export type TextManifest = Pick<RecogniserManifest, 'alphabet' | 'frontEnd' | 'card' | 'decoding'> & {
  readonly network: Pick<NetworkSpec, 'stack'>;
};

/** When words and lines end. All counted in sound, not in waiting. */
export interface EndpointRules {
  /** Blank after a word's last symbol that ends the word even where no separator was heard. */
  readonly settleAfterMs: number;
  /** The same where what was heard is only the beginning of a listed word: "y", and then "es". */
  readonly settleBeginningAfterMs: number;
  /** Silence between two words that starts a new line. */
  readonly silenceAfterWordsMs: number;
  /** A word that begins this long after its line's start begins a new line. */
  readonly maxUtteranceMs: number;
}
export const DEFAULT_ENDPOINT_RULES: EndpointRules = {
  settleAfterMs: 300,
  settleBeginningAfterMs: 600,
  silenceAfterWordsMs: DEFAULT_ENDPOINTS.silenceAfterWordsMs,
  maxUtteranceMs: DEFAULT_ENDPOINTS.maxUtteranceMs,
};

/** A word that will not change again. */
export interface SettledWord {
  /** True for the first word of a line. */
  readonly startsLine: boolean;
  readonly word: Word;
}

/** A word that would grow longer than this (in UTF-16 units, the bound of the contract) ends and the next begins. */
const MAX_WORD_LENGTH = 512;

interface OpenWord {
  readonly isUnknown: boolean;
  readonly emissions: Emission[];
  /** Its symbols joined. */
  text: string;
  /** A separator was heard after what is only the beginning of a word: what comes next tells whether it parts words. */
  isParted: boolean;
}

/**
 * Takes symbols in order and hands out words as they settle.
 *
 * A word settles when a separator or the unknown symbol starts, or after `settleAfterMs` of blank. Where the card lists the
 * words, a separator inside one of them ("s top") does not part it, and one that is missing between two is not needed. Each of these depends
 * on frame numbers alone: when `begin` and `advance` are called changes how early a word settles, never which words there are.
 */
export class WordAssembler {
  readonly #manifest: TextManifest;
  readonly #words: ReadonlySet<string>;
  /** Of these words, the whole words among them. */
  readonly #beginnings: ReadonlySet<string>;
  readonly #hasWholeWords: boolean;
  readonly #rules: EndpointRules;
  #open: OpenWord | null = null;
  #lineStartMs = 0;
  #lastEndMs: number | null = null;

  constructor(manifest: TextManifest, rules: EndpointRules) {
    this.#manifest = manifest;
    const words = manifest.card.words.map((word) => word.normalize('NFC'));
    this.#words = new Set(words);
    this.#beginnings = new Set(words.flatMap(beginningsOf));
    this.#hasWholeWords = writesWholeWords(manifest.alphabet, words);
    this.#rules = rules;
  }

  /** A symbol starts at this frame; it is handed over by `add` once it is whole. */
  begin(classIndex: number, startFrame: number): SettledWord[] {
    const settled = this.advance(startFrame);
    return this.#open !== null && this.#endsWord(classIndex, this.#open) ? [...settled, ...this.finish()] : settled;
  }

  /** A whole symbol. */
  add(emission: Emission): SettledWord[] {
    const settled = this.begin(emission.classIndex, emission.startFrame);
    if (this.#isSeparator(emission.classIndex)) {
      if (this.#open !== null) this.#open.isParted = true;
      return settled;
    }
    this.#open ??= { isUnknown: this.#isUnknown(emission.classIndex), emissions: [], text: '', isParted: false };
    this.#open.emissions.push(emission);
    this.#open.text += this.#symbol(emission.classIndex);
    this.#open.isParted = false;
    return settled;
  }

  /** All frames before this one are known and hold no symbol since the last `add`. */
  advance(frame: number): SettledWord[] {
    const end = this.#open?.emissions.at(-1)?.endFrame;
    if (this.#open === null || end === undefined) return [];
    const { settleAfterMs, settleBeginningAfterMs } = this.#rules;
    const wait = this.#isOnlyABeginning(this.#open.text) ? settleBeginningAfterMs : settleAfterMs;
    return (frame - end) * this.#stepMs >= wait ? this.finish() : [];
  }

  /** The word as it would read if it ended now, with the symbol still being heard. */
  tail(openEmission: Emission | null): Word[] {
    const emissions = [...(this.#open?.emissions ?? [])];
    if (openEmission !== null && !this.#isSeparator(openEmission.classIndex)) emissions.push(openEmission);
    const first = emissions[0];
    return first === undefined ? [] : [this.#word(this.#isUnknown(first.classIndex), emissions)];
  }

  /** Settles the open word. */
  finish(): SettledWord[] {
    if (this.#open === null) return [];
    const word = this.#word(this.#open.isUnknown, this.#open.emissions);
    this.#open = null;
    const startsLine = this.#startsLine(word.startMs);
    if (startsLine) this.#lineStartMs = word.startMs;
    this.#lastEndMs = word.endMs;
    return [{ startsLine, word }];
  }

  /** Whether a word that begins at this frame begins a line. */
  startsLineAt(frame: number): boolean {
    return this.#startsLine(frame * this.#stepMs);
  }

  #startsLine(startMs: number): boolean {
    return (
      this.#lastEndMs === null ||
      startMs - this.#lastEndMs >= this.#rules.silenceAfterWordsMs ||
      startMs - this.#lineStartMs >= this.#rules.maxUtteranceMs
    );
  }

  /** Symbols of the word that is still open. */
  get openEmissions(): readonly Emission[] {
    return this.#open?.emissions ?? [];
  }
  /** First frame of the word that is still open. */
  get openStartFrame(): number | null {
    return this.#open?.emissions[0]?.startFrame ?? null;
  }

  get #stepMs(): number {
    return stepMsOf(this.#manifest);
  }

  #symbol(classIndex: number): string {
    const symbol = this.#manifest.alphabet.symbols[classIndex];
    if (symbol === undefined) throw new RangeError(`Expected a class of the alphabet, but got ${classIndex}`);
    return symbol;
  }

  #isSeparator(classIndex: number): boolean {
    return this.#symbol(classIndex) === this.#manifest.alphabet.wordSeparator;
  }
  #isUnknown(classIndex: number): boolean {
    return this.#symbol(classIndex) === this.#manifest.alphabet.unknown;
  }

  /** Unknown speech is a word of its own; several unknown symbols in a row are one. */
  #endsWord(classIndex: number, open: OpenWord): boolean {
    if (this.#isSeparator(classIndex)) return open.isUnknown || !this.#isOnlyABeginning(open.text);
    if (this.#hasWholeWords) return !(open.isUnknown && this.#isUnknown(classIndex));
    const symbol = this.#symbol(classIndex);
    const text = open.text + symbol;
    if (this.#isUnknown(classIndex) !== open.isUnknown || text.length > MAX_WORD_LENGTH) return true;
    if (this.#beginnings.has(text)) return false;
    // "eighteight": two listed words without a separator between them.
    const startsAnother = this.#words.has(open.text) && this.#beginnings.has(symbol);
    return open.isParted || startsAnother;
  }

  #isOnlyABeginning(text: string): boolean {
    return !this.#hasWholeWords && this.#beginnings.has(text) && !this.#words.has(text);
  }

  #word(isUnknown: boolean, emissions: readonly Emission[]): Word {
    const characters = isUnknown ? [] : emissions.map((emission) => this.#character(emission));
    const text = characters.map((character) => character.symbol).join('');
    const confidences = emissions.map((emission) => emission.confidence);
    return {
      text,
      startMs: emissions[0]!.startFrame * this.#stepMs,
      endMs: emissions.at(-1)!.endFrame * this.#stepMs,
      confidence: wordConfidence(confidences, this.#manifest),
      isKnown: !isUnknown && (this.#words.size === 0 || this.#words.has(text)),
      characters,
    };
  }

  #character(emission: Emission): Character {
    return {
      symbol: this.#symbol(emission.classIndex),
      startMs: emission.startFrame * this.#stepMs,
      endMs: emission.endFrame * this.#stepMs,
      confidence: emission.confidence,
    };
  }
}

/** A word's confidence from those of its symbols: their mean, turned as the model's calibration says. */
export function wordConfidence(ofSymbols: readonly number[], { decoding }: Pick<TextManifest, 'decoding'>): number {
  const mean = ofSymbols.reduce((sum, value) => sum + value, 0) / ofSymbols.length;
  return decoding?.calibration === undefined ? mean : calibrated(mean, decoding.calibration);
}

/** "go": "g", "go". */
const beginningsOf = (word: string): string[] =>
  graphemesOf(word).map((_, index, symbols) => symbols.slice(0, index + 1).join(''));

/** All words of a whole sequence of symbols. */
export function wordsOf(
  emissions: readonly Emission[],
  manifest: TextManifest,
  rules: EndpointRules = DEFAULT_ENDPOINT_RULES,
): SettledWord[] {
  const assembler = new WordAssembler(manifest, rules);
  return [...emissions.flatMap((emission) => assembler.add(emission)), ...assembler.finish()];
}

/** Settled words as lines. */
export function utterancesOf(settled: readonly SettledWord[]): Utterance[] {
  const lines: Word[][] = [];
  for (const { startsLine, word } of settled) {
    if (startsLine) lines.push([word]);
    else lines.at(-1)?.push(word);
  }
  return lines.map((words) => ({ startMs: words[0]!.startMs, endMs: words.at(-1)!.endMs, words }));
}

/** Classes of the network behind an alphabet: its symbols and the blank. */
export const classCount = (manifest: TextManifest): number => blankClass(manifest.alphabet) + 1;
