// Text while it is being spoken: logits in, settled words and a changing tail out.
import { blankClass, stepMsOf } from '../../app/contract/model';
import type { FrameSymbols, Word } from '../../app/contract/recognition';
import { GreedyDecoder } from './greedy';
import { Vocabulary } from './vocabulary';
import {
  classCount,
  wordConfidence,
  DEFAULT_ENDPOINT_RULES,
  WordAssembler,
  type EndpointRules,
  type SettledWord,
  type TextManifest,
} from './words';

/** What one push added; the parts of a `recognised` event that come from the logits. */
export interface LiveStep {
  /** Words that settled with this push: they never change again. */
  readonly settled: SettledWord[];
  /** The word still open, if any; replaces the tail of the step before. */
  readonly tail: Word[];
  /** Best class and posterior of each pushed frame. */
  readonly frames: FrameSymbols;
}

/** Frames before and after a word's own that may say what was misspelled; never those of another word. */
export const MARGIN_FRAMES = { before: 8, after: 5 } as const;

/** Greedy text of one stream. The settled words, all steps together, do not depend on how the logits were cut. */
export class LiveText {
  readonly #manifest: TextManifest;
  readonly #decoder: GreedyDecoder;
  readonly #assembler: WordAssembler;
  readonly #vocabulary: Vocabulary;
  /** Logits from frame #historyStart on: those of the open word and of what lies directly before it. */
  #history = new Float32Array(0);
  #historyStart = 0;
  #lastWordEnd = 0;

  constructor(manifest: TextManifest, rules: EndpointRules = DEFAULT_ENDPOINT_RULES) {
    this.#manifest = manifest;
    this.#decoder = new GreedyDecoder(classCount(manifest), blankClass(manifest.alphabet));
    this.#assembler = new WordAssembler(manifest, rules);
    this.#vocabulary = new Vocabulary(manifest);
  }

  /** The frame from which on nothing has settled yet: where the open word, or the open symbol, begins. */
  get openFrame(): number {
    return this.#assembler.openStartFrame ?? this.#decoder.open?.startFrame ?? this.#decoder.frames;
  }

  /** Whether the next word may still stand in the line of the one before. */
  get isLineOpen(): boolean {
    return !this.#assembler.startsLineAt(this.openFrame);
  }

  /** @param logits [n, C] before softmax. */
  push(logits: Float32Array, n: number): LiveStep {
    const firstFrame = this.#decoder.frames;
    this.#remember(logits, n);
    const { emissions, classes, probabilities } = this.#decoder.push(logits, n);
    const settled = emissions.flatMap((emission) => this.#settle(this.#assembler.add(emission), emission.startFrame));
    const { open } = this.#decoder;
    const end = open?.startFrame ?? this.#decoder.frames;
    settled.push(
      ...this.#settle(open === null ? this.#assembler.advance(end) : this.#assembler.begin(open.classIndex, end), end),
    );
    this.#forget();
    return { settled, tail: this.#assembler.tail(open), frames: { firstFrame, classes, probabilities } };
  }

  /** Ends the stream: everything settles. */
  finish(): LiveStep {
    const end = this.#decoder.frames;
    const settled = this.#decoder
      .finish()
      .flatMap((emission) => this.#settle(this.#assembler.add(emission), emission.startFrame));
    settled.push(...this.#settle(this.#assembler.finish(), end));
    const frames = { firstFrame: end, classes: new Int16Array(0), probabilities: new Float32Array(0) };
    return { settled, tail: [], frames };
  }

  /** @param limit the first frame of what comes after these words. */
  #settle(words: SettledWord[], limit: number): SettledWord[] {
    return words.map((settled) => {
      const frameOf = (ms: number): number => Math.round(ms / stepMsOf(this.#manifest));
      const [start, end] = [frameOf(settled.word.startMs), frameOf(settled.word.endMs)];
      const from = Math.max(this.#lastWordEnd, start - MARGIN_FRAMES.before);
      this.#lastWordEnd = end;
      const { isKnown, text } = settled.word;
      if (isKnown || text === '' || this.#vocabulary.isEmpty) return settled;
      return { ...settled, word: this.#reread(settled.word, from, Math.min(limit, end + MARGIN_FRAMES.after)) };
    });
  }

  #reread(word: Word, from: number, to: number): Word {
    const { alphabet } = this.#manifest;
    const stepMs = stepMsOf(this.#manifest);
    const classes = classCount(this.#manifest);
    const logits = this.#history.slice((from - this.#historyStart) * classes, (to - this.#historyStart) * classes);
    const spelled = word.characters.map((character) => alphabet.symbols.indexOf(character.symbol));
    const emissions = this.#vocabulary.read(logits, spelled);
    if (emissions === null) return word;
    const characters = emissions.map((emission) => ({
      symbol: alphabet.symbols[emission.classIndex] as string,
      startMs: (from + emission.startFrame) * stepMs,
      endMs: (from + emission.endFrame) * stepMs,
      confidence: emission.confidence,
    }));
    return {
      text: characters.map((character) => character.symbol).join(''),
      startMs: characters[0]?.startMs ?? word.startMs,
      endMs: characters.at(-1)?.endMs ?? word.endMs,
      confidence: wordConfidence(
        characters.map(({ confidence }) => confidence),
        this.#manifest,
      ),
      isKnown: true,
      characters,
    };
  }

  #remember(logits: Float32Array, n: number): void {
    if (this.#vocabulary.isEmpty) return;
    const classes = classCount(this.#manifest);
    const joined = new Float32Array(this.#history.length + n * classes);
    joined.set(this.#history);
    joined.set(logits.subarray(0, n * classes), this.#history.length);
    this.#history = joined;
  }

  /** Drops what no open or coming word can reach back to. */
  #forget(): void {
    const classes = classCount(this.#manifest);
    const keepFrom = Math.min(this.openFrame, this.#decoder.open?.startFrame ?? this.openFrame) - MARGIN_FRAMES.before;
    const dropped = Math.min(Math.max(0, keepFrom - this.#historyStart), this.#history.length / classes);
    if (dropped === 0) return;
    this.#history = this.#history.slice(dropped * classes);
    this.#historyStart += dropped;
  }
}
