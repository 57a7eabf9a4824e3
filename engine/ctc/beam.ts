// Prefix beam search: the labelling whose alignments together are most probable, where best-path decoding takes the single
// most probable alignment. Hannun, Maas, Jurafsky & Ng, "First-Pass Large Vocabulary Continuous Speech Recognition using
// Bi-Directional Recurrent DNNs", 2014, algorithm 1. What a language thinks of a prefix is added to its logarithm (shallow
// fusion); the alignments' own probabilities stay apart from it. All state is in typed arrays: no hypothesis is an object.
import type { Emission } from './emission';
import { NO_SYMBOL, PlacedSymbols } from './placedSymbols';
import { checkLogits, logAdd, logNormaliser, type Logits } from './posteriors';
import { PrefixTree, type NodeCompanion } from './prefixTree';

export interface BeamOptions {
  /** Prefixes kept after each frame. */
  readonly beamWidth: number;
  /** Classes less probable than this in a frame do not extend a prefix there. */
  readonly minProbability: number;
  /** Nodes and symbols from which on what is out of use is cleared away: memory against time, no difference to the text. */
  readonly clearFrom?: number;
}
export const DEFAULT_BEAM_OPTIONS: BeamOptions = { beamWidth: 25, minProbability: 1e-4 };

export interface BeamHypothesis {
  /** The symbols with the frames of their most probable alignment. */
  readonly emissions: Emission[];
  /** ln p(labels | logits), summed over the alignments that the beam kept. */
  readonly logProbability: number;
  /** `logProbability` and what the language adds: what hypotheses are ranked by. */
  readonly score: number;
}

/** What a language thinks of the prefixes of one beam. Natural logarithms. */
export interface BeamLanguage extends NodeCompanion {
  /** Of a prefix that goes on. */
  score(node: number): number;
  /** Of a labelling that ends here; -Infinity where none may. */
  finalScore(node: number): number;
  fork(): BeamLanguage;
}

/** Rows of what is known of a prefix's alignments. All that end alike are summed, and the best one kept (Viterbi). */
class Rows {
  readonly node: Int32Array;
  /** Ending with a blank: sum, best alignment, its symbols. */
  readonly blankSum: Float64Array;
  readonly blankBest: Float64Array;
  readonly blankPlaced: Int32Array;
  /** Ending with the prefix's last symbol: sum, best alignment, its symbols before the last, and the last one. */
  readonly symbolSum: Float64Array;
  readonly symbolBest: Float64Array;
  readonly symbolsBefore: Int32Array;
  readonly symbolStart: Int32Array;
  readonly posteriorSum: Float64Array;
  readonly rank: Float64Array;
  size = 0;

  constructor(readonly capacity: number) {
    this.node = new Int32Array(capacity);
    this.blankSum = new Float64Array(capacity);
    this.blankBest = new Float64Array(capacity);
    this.blankPlaced = new Int32Array(capacity);
    this.symbolSum = new Float64Array(capacity);
    this.symbolBest = new Float64Array(capacity);
    this.symbolsBefore = new Int32Array(capacity);
    this.symbolStart = new Int32Array(capacity);
    this.posteriorSum = new Float64Array(capacity);
    this.rank = new Float64Array(capacity);
  }

  add(node: number): number {
    const row = this.size++;
    this.node[row] = node;
    this.blankSum[row] = this.blankBest[row] = this.symbolSum[row] = this.symbolBest[row] = -Infinity;
    this.blankPlaced[row] = this.symbolsBefore[row] = NO_SYMBOL;
    return row;
  }

  copy(from: Rows, row: number): void {
    const to = this.size++;
    this.node[to] = from.node[row]!;
    this.blankSum[to] = from.blankSum[row]!;
    this.blankBest[to] = from.blankBest[row]!;
    this.blankPlaced[to] = from.blankPlaced[row]!;
    this.symbolSum[to] = from.symbolSum[row]!;
    this.symbolBest[to] = from.symbolBest[row]!;
    this.symbolsBefore[to] = from.symbolsBefore[row]!;
    this.symbolStart[to] = from.symbolStart[row]!;
    this.posteriorSum[to] = from.posteriorSum[row]!;
    this.rank[to] = from.rank[row]!;
  }
}

const CLEAR_FROM = 16_384;

export class PrefixBeam {
  readonly #blank: number;
  readonly #classes: number;
  readonly #options: BeamOptions;
  readonly #threshold: number;
  readonly #language: BeamLanguage | null;
  #tree: PrefixTree;
  #placed = new PlacedSymbols();
  #beam: Rows;
  #next: Rows;
  /** Row of a node in #next, where #seen says this frame. */
  #rowOf = new Int32Array(0);
  #seen = new Int32Array(0);
  #frame = 0;
  #clearAt: number;

  /** @param language knows node 0 as what nothing was said before */
  constructor(classes: number, blank: number, options: BeamOptions, language: BeamLanguage | null = null) {
    this.#classes = classes;
    this.#blank = blank;
    this.#options = options;
    this.#threshold = Math.log(options.minProbability);
    this.#language = language;
    this.#clearAt = options.clearFrom ?? CLEAR_FROM;
    this.#tree = new PrefixTree(language);
    this.#beam = new Rows(options.beamWidth);
    this.#next = new Rows(64);
    this.#beam.add(0);
    this.#beam.blankSum[0] = this.#beam.blankBest[0] = 0;
  }

  get frames(): number {
    return this.#frame;
  }

  /** One frame of log-probabilities [C]. */
  step(logProbabilities: Float64Array): void {
    const most = this.#beam.size * this.#classes;
    if (this.#next.capacity < most) this.#next = new Rows(2 * most);
    this.#next.size = 0;
    for (let row = 0; row < this.#beam.size; row++) {
      this.#stay(row, logProbabilities);
      this.#extend(row, logProbabilities);
    }
    this.#frame++;
    this.#keepBest();
    if (this.#tree.size + this.#placed.size > this.#clearAt) this.#clear();
  }

  /** Best first. @param isEnd whether the labellings end here; those that may not are left out then */
  hypotheses(count = this.#beam.size, isEnd = false): BeamHypothesis[] {
    return this.#ranked(isEnd)
      .slice(0, count)
      .map(({ row, score }) => ({
        emissions: this.#emissions(row),
        logProbability: logAdd(this.#beam.blankSum[row]!, this.#beam.symbolSum[row]!),
        score,
      }));
  }

  /** Symbols that all hypotheses begin with and none is still hearing, counted from the root. */
  get agreed(): number {
    const { node, size } = this.#beam;
    let common = node[0]!;
    for (let row = 1; row < size; row++) common = this.#tree.common(common, node[row]!);
    let depth = this.#tree.depthOf(common);
    for (let row = 0; row < size; row++) depth = Math.min(depth, this.#tree.depthOf(node[row]!) - 1);
    return Math.max(0, depth - this.#tree.depthOf(this.#tree.root));
  }

  /** Drops the hypotheses that do not begin with the best one's first symbols. */
  agreeOn(count: number): void {
    const depth = count + this.#tree.depthOf(this.#tree.root);
    const { row: best } = this.#ranked(false)[0]!;
    const prefix = this.#tree.ancestor(this.#beam.node[best]!, depth);
    const kept = new Rows(this.#options.beamWidth);
    for (let row = 0; row < this.#beam.size; row++) {
      const node = this.#beam.node[row]!;
      // One that is just that prefix could hear its last symbol go on.
      if (this.#tree.depthOf(node) > depth && this.#tree.ancestor(node, depth) === prefix) kept.copy(this.#beam, row);
    }
    this.#beam = kept;
  }

  /** Hands out the first symbols, of `agreed` at most: labellings begin after them from now on. */
  settle(count: number): Emission[] {
    const { row } = this.#ranked(false)[0]!;
    const emissions = this.#emissions(row).slice(0, count);
    const depth = this.#tree.depthOf(this.#tree.root) + count;
    this.#tree.settle(this.#tree.ancestor(this.#beam.node[row]!, depth));
    return emissions;
  }

  /** A beam that stands where this one does. */
  fork(): PrefixBeam {
    const language = this.#language?.fork() ?? null;
    const copy = new PrefixBeam(this.#classes, this.#blank, this.#options, language);
    copy.#tree = this.#tree.fork(language);
    copy.#placed = this.#placed.fork();
    copy.#frame = this.#frame;
    copy.#clearAt = this.#clearAt;
    copy.#beam.size = 0;
    for (let row = 0; row < this.#beam.size; row++) copy.#beam.copy(this.#beam, row);
    return copy;
  }

  /** The prefix stays as it is: a blank, or its last symbol goes on. */
  #stay(row: number, logProbabilities: Float64Array): void {
    const [from, to] = [this.#beam, this.#next];
    const node = from.node[row]!;
    const at = this.#rowFor(node);
    const silent = logProbabilities[this.#blank]!;
    to.blankSum[at] = logAdd(to.blankSum[at]!, logAdd(from.blankSum[row]!, from.symbolSum[row]!) + silent);
    const endsSilent = from.blankBest[row]! >= from.symbolBest[row]!;
    const best = (endsSilent ? from.blankBest[row]! : from.symbolBest[row]!) + silent;
    if (best > to.blankBest[at]!) {
      to.blankBest[at] = best;
      to.blankPlaced[at] = endsSilent ? from.blankPlaced[row]! : this.#closed(row);
    }
    const last = this.#tree.classOf(node);
    if (last < 0 || from.symbolSum[row] === -Infinity) return;
    const again = logProbabilities[last]!;
    to.symbolSum[at] = logAdd(to.symbolSum[at]!, from.symbolSum[row]! + again);
    if (from.symbolBest[row]! + again <= to.symbolBest[at]!) return;
    to.symbolBest[at] = from.symbolBest[row]! + again;
    to.symbolsBefore[at] = from.symbolsBefore[row]!;
    to.symbolStart[at] = from.symbolStart[row]!;
    to.posteriorSum[at] = from.posteriorSum[row]! + Math.exp(again);
  }

  /** The prefix grows by each class that is probable enough. */
  #extend(row: number, logProbabilities: Float64Array): void {
    const { blankSum, symbolSum, blankBest, symbolBest, blankPlaced, node } = this.#beam;
    const last = this.#tree.classOf(node[row]!);
    for (let k = 0; k < this.#classes; k++) {
      const added = logProbabilities[k]!;
      if (k === this.#blank || added < this.#threshold) continue;
      // The same symbol again without a blank between is not a new symbol.
      const sum = k === last ? blankSum[row]! : logAdd(blankSum[row]!, symbolSum[row]!);
      if (sum === -Infinity) continue;
      const child = this.#tree.childOf(node[row]!, k);
      if (child < 0) continue;
      const at = this.#rowFor(child);
      this.#next.symbolSum[at] = logAdd(this.#next.symbolSum[at]!, sum + added);
      const afterBlank = k === last || blankBest[row]! >= symbolBest[row]!;
      const best = (afterBlank ? blankBest[row]! : symbolBest[row]!) + added;
      if (best <= this.#next.symbolBest[at]!) continue;
      this.#next.symbolBest[at] = best;
      this.#next.symbolsBefore[at] = afterBlank ? blankPlaced[row]! : this.#closed(row);
      this.#next.symbolStart[at] = this.#frame;
      this.#next.posteriorSum[at] = Math.exp(added);
    }
  }

  #rowFor(node: number): number {
    if (node >= this.#seen.length) {
      const seen = new Int32Array(2 * node + 1024).fill(-1);
      seen.set(this.#seen);
      const rowOf = new Int32Array(seen.length);
      rowOf.set(this.#rowOf);
      [this.#seen, this.#rowOf] = [seen, rowOf];
    }
    if (this.#seen[node] === this.#frame) return this.#rowOf[node]!;
    this.#seen[node] = this.#frame;
    return (this.#rowOf[node] = this.#next.add(node));
  }

  /** The symbols of a row's best alignment that ends with a symbol, that one closed at this frame. */
  #closed(row: number): number {
    const { node, symbolsBefore, symbolStart, posteriorSum } = this.#beam;
    const last = this.#tree.classOf(node[row]!);
    return this.#placed.add(symbolsBefore[row]!, last, symbolStart[row]!, this.#frame, posteriorSum[row]!);
  }

  #keepBest(): void {
    const { rank, blankSum, symbolSum, node, size } = this.#next;
    const order: number[] = [];
    for (let row = 0; row < size; row++) {
      const sum = logAdd(blankSum[row]!, symbolSum[row]!);
      rank[row] = sum === -Infinity ? sum : sum + (this.#language?.score(node[row]!) ?? 0);
      if (rank[row]! > -Infinity) order.push(row);
    }
    if (order.length > this.#options.beamWidth) order.sort((a, b) => rank[b]! - rank[a]! || a - b);
    this.#beam.size = 0;
    for (let at = 0; at < order.length && at < this.#options.beamWidth; at++) this.#beam.copy(this.#next, order[at]!);
  }

  #ranked(isEnd: boolean): { readonly row: number; readonly score: number }[] {
    const { blankSum, symbolSum, node, size } = this.#beam;
    const scored = Array.from({ length: size }, (_, row) => {
      const ofLanguage = isEnd ? this.#language?.finalScore(node[row]!) : this.#language?.score(node[row]!);
      return { row, score: logAdd(blankSum[row]!, symbolSum[row]!) + (ofLanguage ?? 0) };
    });
    return scored.filter(({ score }) => score > -Infinity).sort((a, b) => b.score - a.score || a.row - b.row);
  }

  #emissions(row: number): Emission[] {
    const { node, blankBest, symbolBest, blankPlaced } = this.#beam;
    const count = this.#tree.depthOf(node[row]!) - this.#tree.depthOf(this.#tree.root);
    if (count === 0) return [];
    const list = blankBest[row]! > symbolBest[row]! ? blankPlaced[row]! : this.#closed(row);
    return this.#placed.last(list, count).map(({ classIndex, startFrame, endFrame, posteriorSum }) => ({
      classIndex,
      startFrame,
      endFrame,
      confidence: posteriorSum / (endFrame - startFrame),
    }));
  }

  /** Clears away what no hypothesis leads to any more. */
  #clear(): void {
    const { node, blankPlaced, symbolsBefore, size } = this.#beam;
    const counts = new Int32Array(2 * size);
    for (let row = 0; row < size; row++) {
      const symbols = this.#tree.depthOf(node[row]!) - this.#tree.depthOf(this.#tree.root);
      counts[row] = blankPlaced[row] === NO_SYMBOL ? 0 : symbols;
      counts[size + row] = symbolsBefore[row] === NO_SYMBOL ? 0 : Math.max(0, symbols - 1);
    }
    const lists = Int32Array.of(...blankPlaced.subarray(0, size), ...symbolsBefore.subarray(0, size));
    const nodeAt = this.#tree.compact(node.subarray(0, size));
    const listAt = this.#placed.compact(lists, counts);
    for (let row = 0; row < size; row++) {
      node[row] = nodeAt[node[row]!]!;
      if (blankPlaced[row] !== NO_SYMBOL) blankPlaced[row] = listAt[blankPlaced[row]!]!;
      if (symbolsBefore[row] !== NO_SYMBOL) symbolsBefore[row] = listAt[symbolsBefore[row]!]!;
    }
    this.#seen.fill(-1);
    this.#clearAt = Math.max(this.#options.clearFrom ?? CLEAR_FROM, 2 * (this.#tree.size + this.#placed.size));
  }
}

/** The most probable labellings of whole logits [T, C], best first, at most `beamWidth`. @param language of a new beam */
export function prefixBeamSearch(
  logits: Logits,
  frames: number,
  classes: number,
  blank: number,
  options: BeamOptions = DEFAULT_BEAM_OPTIONS,
  language: BeamLanguage | null = null,
): BeamHypothesis[] {
  checkLogits(logits, frames, classes);
  const beam = new PrefixBeam(classes, blank, options, language);
  const logProbabilities = new Float64Array(classes);
  for (let t = 0; t < frames; t++) {
    const offset = t * classes;
    const normaliser = logNormaliser(logits, offset, classes);
    for (let k = 0; k < classes; k++) logProbabilities[k] = logits[offset + k]! - normaliser;
    beam.step(logProbabilities);
  }
  return beam.hypotheses(options.beamWidth, true);
}

/** The most probable labelling's symbols. */
export function beamEmissions(
  logits: Logits,
  frames: number,
  classes: number,
  blank: number,
  options: BeamOptions = DEFAULT_BEAM_OPTIONS,
): Emission[] {
  return prefixBeamSearch(logits, frames, classes, blank, options)[0]!.emissions;
}
