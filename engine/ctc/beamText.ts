// Text of a stream by beam search: words settle when no hypothesis reads them otherwise, and all of an utterance at its end.
import { blankClass, stepMsOf } from '../../app/contract/model';
import { DEFAULT_ENDPOINTS, type Reading } from '../../app/contract/decoding';
import type { Word } from '../../app/contract/recognition';
import { DEFAULT_BEAM_OPTIONS, PrefixBeam, type BeamHypothesis, type BeamLanguage, type BeamOptions } from './beam';
import type { Emission } from './emission';
import { bestClass } from './greedy';
import type { LiveStep } from './live';
import { logAdd, logNormaliser } from './posteriors';
import {
  classCount,
  DEFAULT_ENDPOINT_RULES,
  wordsOf,
  WordAssembler,
  type EndpointRules,
  type SettledWord,
  type TextManifest,
} from './words';

export interface BeamDecoding {
  readonly beam: BeamOptions;
  /** Null: symbols alone. */
  readonly language: { begin(): BeamLanguage } | null;
  /** The words that are known; null: those of the model, and these `alsoKnown`. */
  readonly known: ReadonlySet<string> | null;
  /** Words that the person named, whether or not the model lists them. */
  readonly alsoKnown: ReadonlySet<string>;
  /** Readings that are kept of each utterance; 0: none. */
  readonly nBest: number;
}

/** When an utterance ends. All counted in sound, by the best hypothesis; silence is what holds no symbol. */
export interface UtteranceRules {
  readonly silenceAfterNothingMs: number;
  readonly silenceAfterWordsMs: number;
  /** After this long any short pause ends it. */
  readonly maxUtteranceMs: number;
  readonly shortPauseMs: number;
  /** Words that ended this long ago are settled, whatever other hypotheses read. */
  readonly reviseMs: number;
}
export const DEFAULT_UTTERANCE_RULES: UtteranceRules = {
  ...DEFAULT_ENDPOINTS,
  shortPauseMs: DEFAULT_ENDPOINT_RULES.settleAfterMs,
  reviseMs: 4000,
};

/** Hypotheses that are asked for each reading: some differ in their spaces alone. */
const SPELLINGS = 4;
/** Between two looks at what may settle, in frames: fixed, so that how the logits came changes nothing. */
const LOOK_EVERY = 10;
/** Lines are the utterances, and end by their rules alone. */
const WITHIN_UTTERANCE = { ...DEFAULT_ENDPOINT_RULES, silenceAfterWordsMs: Infinity, maxUtteranceMs: Infinity };
/** What a language took for one word is one, however slowly it was said. */
const AS_THE_LANGUAGE_HAS_IT = { ...WITHIN_UTTERANCE, settleAfterMs: Infinity, settleBeginningAfterMs: Infinity };

/** Beam search of the symbols, no language beside it. */
export const SYMBOLS_ALONE: BeamDecoding = {
  beam: DEFAULT_BEAM_OPTIONS,
  language: null,
  known: null,
  alsoKnown: new Set(),
  nBest: 0,
};

export class BeamText {
  readonly #manifest: TextManifest;
  readonly #decoding: BeamDecoding;
  readonly #rules: UtteranceRules;
  readonly #classes: number;
  #beam: PrefixBeam;
  #assembler: WordAssembler;
  /** The utterance's first frame, from which the beam counts. */
  #start = 0;
  #frames = 0;
  /** Of this utterance. */
  #settled: Word[] = [];
  #settledEnd = 0;
  readonly #readings: Reading[][] = [];

  constructor(manifest: TextManifest, decoding: BeamDecoding, rules: UtteranceRules = DEFAULT_UTTERANCE_RULES) {
    this.#manifest = manifest;
    this.#decoding = decoding;
    this.#rules = rules;
    this.#classes = classCount(manifest);
    this.#beam = this.#newBeam();
    this.#assembler = this.#newAssembler();
  }

  /** The best readings of each utterance that held words and has ended. */
  get readings(): readonly (readonly Reading[])[] {
    return this.#readings;
  }

  /** Whether the next word may still stand in the line of the one before. */
  get isLineOpen(): boolean {
    return this.#settled.length > 0;
  }

  /** @param logits [n, C] before softmax. */
  push(logits: Float32Array, n: number): LiveStep {
    const frames = { firstFrame: this.#frames, classes: new Int16Array(n), probabilities: new Float32Array(n) };
    const settled: SettledWord[] = [];
    const logProbabilities = new Float64Array(this.#classes);
    for (let t = 0; t < n; t++) {
      const offset = t * this.#classes;
      const best = bestClass(logits, offset, this.#classes);
      frames.classes[t] = best.classIndex;
      frames.probabilities[t] = best.posterior;
      const normaliser = logNormaliser(logits, offset, this.#classes);
      for (let k = 0; k < this.#classes; k++) logProbabilities[k] = logits[offset + k]! - normaliser;
      this.#beam.step(logProbabilities);
      if (++this.#frames % LOOK_EVERY === 0) settled.push(...this.#look());
    }
    return { settled, tail: this.#tail(), frames };
  }

  /** Ends the stream: everything settles. */
  finish(): LiveStep {
    const frames = { firstFrame: this.#frames, classes: new Int16Array(0), probabilities: new Float32Array(0) };
    return { settled: this.#endUtterance(), tail: [], frames };
  }

  /** A text that stands where this one does: what is heard by it is nothing to this one. */
  fork(): BeamText {
    const copy = new BeamText(this.#manifest, this.#decoding, this.#rules);
    copy.#beam = this.#beam.fork();
    for (const emission of this.#assembler.openEmissions) copy.#assembler.add(emission);
    copy.#start = this.#start;
    copy.#frames = this.#frames;
    copy.#settled = [...this.#settled];
    copy.#settledEnd = this.#settledEnd;
    return copy;
  }

  #newBeam(): PrefixBeam {
    const { beam, language } = this.#decoding;
    return new PrefixBeam(this.#classes, blankClass(this.#manifest.alphabet), beam, language?.begin() ?? null);
  }

  #newAssembler(): WordAssembler {
    return new WordAssembler(this.#manifest, this.#wordRules);
  }
  get #wordRules(): EndpointRules {
    return this.#decoding.language === null ? WITHIN_UTTERANCE : AS_THE_LANGUAGE_HAS_IT;
  }

  #best(): Emission[] {
    return this.#moved(this.#beam.hypotheses(1)[0]?.emissions ?? []);
  }

  #look(): SettledWord[] {
    const best = this.#best();
    const lastEnd = best.at(-1)?.endFrame ?? this.#settledEnd;
    const stepMs = stepMsOf(this.#manifest);
    const hasWords = best.length > 0 || this.#settledEnd > this.#start;
    const silentMs = (this.#frames - Math.max(lastEnd, this.#start)) * stepMs;
    const { silenceAfterNothingMs, silenceAfterWordsMs, maxUtteranceMs, shortPauseMs } = this.#rules;
    const isLong = (this.#frames - this.#start) * stepMs >= maxUtteranceMs && silentMs >= shortPauseMs;
    if (silentMs >= (hasWords ? silenceAfterWordsMs : silenceAfterNothingMs) || (hasWords && isLong))
      return this.#endUtterance();
    return this.#settle(best);
  }

  /** Whole words that all hypotheses share, and those that have been waiting for long. */
  #settle(best: readonly Emission[]): SettledWord[] {
    const latest = this.#frames - this.#rules.reviseMs / stepMsOf(this.#manifest);
    const old = this.#wholeWords(best, best.slice(0, -1).findLastIndex(({ endFrame }) => endFrame <= latest) + 1);
    let count = this.#wholeWords(best, this.#beam.agreed);
    if (old > count) {
      this.#beam.agreeOn(old);
      count = old;
    }
    if (count === 0) return [];
    return this.#take(this.#moved(this.#beam.settle(count)));
  }

  /** As many of the first `most` symbols as end with a whole word. */
  #wholeWords(emissions: readonly Emission[], most: number): number {
    const { symbols, wordSeparator, unknown } = this.#manifest.alphabet;
    const endsWord = ({ classIndex }: Emission): boolean => {
      const symbol = symbols[classIndex];
      return wordSeparator === null || symbol === wordSeparator || symbol === unknown;
    };
    return emissions.slice(0, Math.max(0, most)).findLastIndex(endsWord) + 1;
  }

  #take(emissions: readonly Emission[], isEnd = false): SettledWord[] {
    const assembled = emissions.flatMap((emission) => this.#assembler.add(emission));
    if (isEnd) assembled.push(...this.#assembler.finish());
    const taken = this.#judged(assembled);
    this.#settledEnd = emissions.at(-1)?.endFrame ?? this.#settledEnd;
    const lines = taken.map(({ word }, index) => ({ startsLine: this.#settled.length + index === 0, word }));
    this.#settled.push(...taken.map(({ word }) => word));
    return lines;
  }

  #endUtterance(): SettledWord[] {
    const { nBest } = this.#decoding;
    const ended = this.#beam.hypotheses(Math.max(1, SPELLINGS * nBest), true);
    const found = ended.length > 0 ? ended : this.#beam.hypotheses(1);
    const before = [...this.#settled];
    const open = [...this.#assembler.openEmissions];
    const settled = this.#take(this.#moved(found[0]?.emissions ?? []), true);
    if (nBest > 0 && this.#settled.length > 0)
      this.#readings.push(this.#readingsOf(found, before, open).slice(0, nBest));
    this.#beam = this.#newBeam();
    this.#assembler = this.#newAssembler();
    this.#start = this.#settledEnd = this.#frames;
    this.#settled = [];
    return settled;
  }

  /** Labellings that differ in their spaces alone are one reading, whose probability is their sum. */
  #readingsOf(found: readonly BeamHypothesis[], before: readonly Word[], open: readonly Emission[]): Reading[] {
    const scores = new Map<string, number>();
    for (const { emissions, score } of found) {
      const words = wordsOf([...open, ...this.#moved(emissions)], this.#manifest, this.#wordRules);
      const texts = [...before, ...words.map(({ word }) => word)].map(({ text }) => text);
      const text = texts.filter((each) => each !== '').join(' ');
      scores.set(text, logAdd(scores.get(text) ?? -Infinity, score));
    }
    const [taken, ...others] = [...scores].map(([text, score]) => ({ text, score }));
    return taken === undefined ? [] : [taken, ...others.sort((a, b) => b.score - a.score)];
  }

  /** What is no word of a list of phrases is some other speech; a word that the person named is none. */
  #judged(words: SettledWord[]): SettledWord[] {
    const { known, alsoKnown } = this.#decoding;
    return words.map(({ startsLine, word }) => ({
      startsLine,
      word: { ...word, isKnown: known === null ? word.isKnown || alsoKnown.has(word.text) : known.has(word.text) },
    }));
  }

  #tail(): Word[] {
    const open = [...this.#assembler.openEmissions, ...this.#best()];
    return this.#judged(wordsOf(open, this.#manifest, this.#wordRules)).map(({ word }) => word);
  }

  #moved(emissions: readonly Emission[]): Emission[] {
    return emissions.map((emission) => ({
      ...emission,
      startFrame: emission.startFrame + this.#start,
      endFrame: emission.endFrame + this.#start,
    }));
  }
}
