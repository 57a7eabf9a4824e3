// What a network reads in many sounds against what was said in them, symbol by symbol and word by word.
import { MAX_CONFUSED, type ConfusionScore, type ConfusionTable } from '../../app/contract/confusions';
import { blankClass, stepMsOf, type RecogniserManifest } from '../../app/contract/model';
import { isSure, readingOf, type Utterance } from '../../app/contract/recognition';
import { wordProbabilities } from '../ctc/alternatives';
import { greedyEmissions } from '../ctc/greedy';
import { logNormaliser } from '../ctc/posteriors';
import { ConfusionCounts, type ReadItem } from '../metrics/confusions';
import { splitWords } from '../metrics/errorRates';
import { spellingOf, writesWholeWords } from '../text/spelling';

/** One sound: its text, and what the network made of it. */
export interface TalliedSound {
  readonly said: string;
  readonly utterances: readonly Utterance[];
  /** [T, C] before softmax */
  readonly logits: Float32Array;
  readonly durationMs: number;
}
export interface ConfusionTables {
  /** Null where each symbol is a word. */
  readonly symbols: ConfusionTable | null;
  readonly words: ConfusionTable;
}

export class ConfusionTally {
  readonly #manifest: RecogniserManifest;
  readonly #hasWholeWords: boolean;
  readonly #wordScore: ConfusionScore;
  /** Words that are scored whether they were read or not. */
  readonly #scored: readonly string[];
  readonly #symbols = new ConfusionCounts();
  readonly #words = new ConfusionCounts();

  /** @param texts what is said in all the sounds that will come */
  constructor(manifest: RecogniserManifest, texts: readonly string[]) {
    this.#manifest = manifest;
    const words = manifest.card.words.map((word) => word.normalize('NFC'));
    this.#hasWholeWords = writesWholeWords(manifest.alphabet, words);
    const said = texts.map(splitWords).filter((each) => each.length > 0);
    const distinct = new Set(said.flat());
    const areSingle = said.every(({ length }) => length === 1) && distinct.size <= MAX_CONFUSED;
    this.#wordScore = this.#hasWholeWords ? 'peak' : areSingle ? 'probability' : 'confidence';
    this.#scored = [...new Set([...distinct, ...words])].slice(0, 2 * MAX_CONFUSED);
  }

  add({ said, utterances, logits, durationMs }: TalliedSound): void {
    const words = splitWords(said);
    const { alphabet } = this.#manifest;
    const peaks = this.#peaks(logits);
    if (!this.#hasWholeWords)
      this.#symbols.add({
        said: words.flatMap((word) => spellingOf(word, alphabet)),
        read: this.#readSymbols(logits),
        durationMs,
        scores: peaks,
      });
    const read = utterances.flatMap(({ words: own }) => own.filter(isSure)).flatMap(itemsOf);
    this.#words.add({ said: words, read, durationMs, scores: this.#wordScores(logits, utterances, peaks) });
  }

  tables(): ConfusionTables {
    const { symbols } = this.#manifest.alphabet;
    return {
      symbols: this.#hasWholeWords ? null : this.#symbols.table('peak', symbols),
      words: this.#words.table(this.#wordScore, this.#hasWholeWords ? symbols : []),
    };
  }

  /** The network's best path, without what only parts words. */
  #readSymbols(logits: Float32Array): ReadItem[] {
    const { alphabet, network } = this.#manifest;
    const { classes } = network.head;
    const stepMs = stepMsOf(this.#manifest);
    return greedyEmissions(logits, logits.length / classes, classes, blankClass(alphabet))
      .map(({ classIndex, startFrame, endFrame }) => ({
        text: alphabet.symbols[classIndex]!,
        startMs: startFrame * stepMs,
        endMs: endFrame * stepMs,
      }))
      .filter(({ text }) => text !== alphabet.wordSeparator);
  }

  /** Largest posterior of each symbol; what nearly never was is left out. */
  #peaks(logits: Float32Array): Map<string, number> {
    const { alphabet, network } = this.#manifest;
    const { classes } = network.head;
    const peaks = new Float64Array(classes);
    for (let offset = 0; offset < logits.length; offset += classes) {
      const normaliser = logNormaliser(logits, offset, classes);
      for (let k = 0; k < classes; k++) peaks[k] = Math.max(peaks[k]!, Math.exp(logits[offset + k]! - normaliser));
    }
    const named = alphabet.symbols.map((symbol, k) => [symbol, peaks[k]!] as const);
    return new Map(named.filter(([, peak]) => peak >= LEAST_PEAK));
  }

  #wordScores(
    logits: Float32Array,
    utterances: readonly Utterance[],
    peaks: ReadonlyMap<string, number>,
  ): ReadonlyMap<string, number> {
    if (this.#wordScore === 'peak') return peaks;
    if (this.#wordScore === 'probability') return wordProbabilities(logits, this.#manifest, this.#scored);
    const scores = new Map<string, number>();
    for (const word of utterances.flatMap(({ words }) => words.filter(isSure)))
      for (const { text } of itemsOf(word)) scores.set(text, Math.max(scores.get(text) ?? 0, word.confidence));
    return scores;
  }
}

/** With many symbols in many sounds most are never heard, and need no memory. */
const LEAST_PEAK = 1e-6;

const itemsOf = (word: Utterance['words'][number]): ReadItem[] =>
  splitWords(readingOf(word)).map((text) => ({ text, startMs: word.startMs, endMs: word.endMs }));
