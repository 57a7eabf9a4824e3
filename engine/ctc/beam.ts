// Prefix beam search: the labelling whose alignments together are most probable, where best-path decoding takes the single
// most probable alignment. Hannun, Maas, Jurafsky & Ng, "First-Pass Large Vocabulary Continuous Speech Recognition using
// Bi-Directional Recurrent DNNs", 2014, algorithm 1, without a language model.
import type { Emission } from './emission';
import { checkLogits, logAdd, logNormaliser, type Logits } from './posteriors';

export interface BeamOptions {
  /** Prefixes kept after each frame. */
  readonly beamWidth: number;
  /** Classes less probable than this in a frame do not extend a prefix there. */
  readonly minProbability: number;
}
export const DEFAULT_BEAM_OPTIONS: BeamOptions = { beamWidth: 25, minProbability: 1e-4 };

export interface BeamHypothesis {
  /** The symbols with the frames of their most probable alignment. */
  readonly emissions: Emission[];
  /** ln p(labels | logits), summed over the alignments that the beam kept. */
  readonly logProbability: number;
}

/** A labelling's last symbol; the labelling is the way up to the root. */
interface Prefix {
  readonly parent: Prefix | null;
  readonly classIndex: number;
  readonly children: Map<number, Prefix>;
  isInBeam: boolean;
}

/** Where the symbols of one alignment lie; a list from the last symbol back, shared between alignments. */
interface Placed {
  readonly before: Placed | null;
  readonly classIndex: number;
  readonly startFrame: number;
  readonly endFrame: number;
  readonly posteriorSum: number;
}

/** All alignments of a prefix that end alike: their summed probability, and the best one (Viterbi). Logarithms. */
interface Ending {
  sum: number;
  best: number;
  placed: Placed | null;
}
interface Candidate {
  readonly prefix: Prefix;
  readonly blank: Ending;
  readonly symbol: Ending;
}

const impossible = (): Ending => ({ sum: -Infinity, best: -Infinity, placed: null });
const total = (candidate: Candidate): number => logAdd(candidate.blank.sum, candidate.symbol.sum);

/** Adds ways into an ending; `placed` is asked for only where the best of them is better than what is there. */
function addWays(ending: Ending, sum: number, best: number, placed: () => Placed | null): void {
  ending.sum = logAdd(ending.sum, sum);
  if (best <= ending.best) return;
  ending.best = best;
  ending.placed = placed();
}

class PrefixBeam {
  readonly #root: Prefix = { parent: null, classIndex: -1, children: new Map(), isInBeam: true };
  #beam: Candidate[] = [{ prefix: this.#root, blank: { sum: 0, best: 0, placed: null }, symbol: impossible() }];
  #frame = 0;

  constructor(
    private readonly blank: number,
    private readonly options: BeamOptions,
  ) {}

  /** One frame of log-probabilities [C]. */
  step(logProbabilities: Float64Array): void {
    const next = new Map<Prefix, Candidate>();
    for (const candidate of this.#beam) {
      this.#stay(next, candidate, logProbabilities);
      this.#extend(next, candidate, logProbabilities);
    }
    const ranked = [...next.values()]
      .map((candidate) => ({ candidate, score: total(candidate) }))
      .sort((a, b) => b.score - a.score);
    // A symbol twice with no blank yet between: no way leads there.
    const kept = ranked.filter(({ score }, rank) => rank < this.options.beamWidth && score > -Infinity);
    this.#beam = kept.map(({ candidate }) => candidate);
    for (const { prefix } of this.#beam) prefix.isInBeam = true;
    for (const { candidate } of ranked.slice(kept.length)) forget(candidate.prefix);
    this.#frame++;
  }

  /** Most probable first. */
  hypotheses(): BeamHypothesis[] {
    return this.#beam.map((candidate) => ({
      emissions: emissionsOf(candidate),
      logProbability: total(candidate),
    }));
  }

  /** The prefix stays as it is: a blank, or its last symbol goes on. */
  #stay(next: Map<Prefix, Candidate>, { prefix, blank, symbol }: Candidate, logProbabilities: Float64Array): void {
    const stayed = candidateOf(next, prefix);
    const silent = logProbabilities[this.blank]!;
    addWays(stayed.blank, blank.sum + silent, blank.best + silent, () => blank.placed);
    addWays(stayed.blank, symbol.sum + silent, symbol.best + silent, () => symbol.placed);
    if (prefix.parent === null) return;
    const again = logProbabilities[prefix.classIndex]!;
    addWays(stayed.symbol, symbol.sum + again, symbol.best + again, () => {
      const last = symbol.placed!;
      return { ...last, endFrame: this.#frame + 1, posteriorSum: last.posteriorSum + Math.exp(again) };
    });
  }

  /** The prefix grows by each class that is probable enough. */
  #extend(next: Map<Prefix, Candidate>, candidate: Candidate, logProbabilities: Float64Array): void {
    const { prefix, blank, symbol } = candidate;
    const threshold = Math.log(this.options.minProbability);
    for (let k = 0; k < logProbabilities.length; k++) {
      const added = logProbabilities[k]!;
      if (k === this.blank || added < threshold) continue;
      const grown = candidateOf(next, childOf(prefix, k)).symbol;
      const place = (before: Placed | null) => (): Placed => ({
        before,
        classIndex: k,
        startFrame: this.#frame,
        endFrame: this.#frame + 1,
        posteriorSum: Math.exp(added),
      });
      addWays(grown, blank.sum + added, blank.best + added, place(blank.placed));
      // The same symbol again without a blank between is not a new symbol.
      if (k !== prefix.classIndex) addWays(grown, symbol.sum + added, symbol.best + added, place(symbol.placed));
    }
  }
}

function candidateOf(next: Map<Prefix, Candidate>, prefix: Prefix): Candidate {
  let candidate = next.get(prefix);
  if (candidate === undefined) {
    candidate = { prefix, blank: impossible(), symbol: impossible() };
    next.set(prefix, candidate);
  }
  return candidate;
}

function childOf(prefix: Prefix, classIndex: number): Prefix {
  let child = prefix.children.get(classIndex);
  if (child === undefined) {
    child = { parent: prefix, classIndex, children: new Map(), isInBeam: false };
    prefix.children.set(classIndex, child);
  }
  return child;
}

/** Takes a prefix that fell out of the beam off the tree, with all above it that leads nowhere any more. */
function forget(prefix: Prefix): void {
  prefix.isInBeam = false;
  let node: Prefix = prefix;
  while (node.parent !== null && !node.isInBeam && node.children.size === 0) {
    node.parent.children.delete(node.classIndex);
    node = node.parent;
  }
}

function emissionsOf({ blank, symbol }: Candidate): Emission[] {
  const emissions: Emission[] = [];
  const last = blank.best > symbol.best ? blank.placed : symbol.placed;
  for (let placed = last; placed !== null; placed = placed.before) {
    const { classIndex, startFrame, endFrame, posteriorSum } = placed;
    emissions.push({ classIndex, startFrame, endFrame, confidence: posteriorSum / (endFrame - startFrame) });
  }
  return emissions.reverse();
}

/** The most probable labellings of whole logits [T, C], best first, at most `beamWidth`. */
export function prefixBeamSearch(
  logits: Logits,
  frames: number,
  classes: number,
  blank: number,
  options: BeamOptions = DEFAULT_BEAM_OPTIONS,
): BeamHypothesis[] {
  checkLogits(logits, frames, classes);
  const beam = new PrefixBeam(blank, options);
  const logProbabilities = new Float64Array(classes);
  for (let t = 0; t < frames; t++) {
    const offset = t * classes;
    const normaliser = logNormaliser(logits, offset, classes);
    for (let k = 0; k < classes; k++) logProbabilities[k] = logits[offset + k]! - normaliser;
    beam.step(logProbabilities);
  }
  return beam.hypotheses();
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
