// CTC, seen: all the ways to write one short word over so many frames, and how they are summed (Graves et al. 2006, section 4.1).
// The network is a made one: noise by a seed, and so much more for the class of a way that spreads the word evenly.
import type { ResultOf, SettingsOf } from '../../app/contract/lab';
import { UnrollError } from '../../app/errors';
import { bestPath } from '../ctc/alignment';
import { canSkip, ctcLattice, requiredFrames, type CtcLattice } from '../ctc/loss';
import { makeRandom } from '../runtime/random';
import { graphemesOf } from '../text/graphemes';
import { numberOrNull } from './numbers';

const BLANK_SIGN = '∅';

/** @throws UnrollError lab.tooFewFrames */
export function trellis(settings: SettingsOf<'trellis'>): ResultOf<'trellis'> {
  const { word, frames } = settings;
  const letters = graphemesOf(word);
  const symbols = [...new Set(letters)];
  const labels = letters.map((letter) => symbols.indexOf(letter));
  const needed = requiredFrames(labels);
  if (needed > frames) throw new UnrollError('lab.tooFewFrames', { word, frames, needed });
  const blank = symbols.length;
  const classes = blank + 1;
  const logits = madeLogits(labels, classes, settings);
  const lattice = ctcLattice(logits, frames, classes, labels, blank);
  const { states, logProbabilities, alpha, beta, logLikelihood } = lattice;
  const path = bestPath(logProbabilities, frames, classes, states, blank);
  const S = states.length;
  const bestLog = path.reduce(
    (sum, s, t) => sum + (logProbabilities[t * classes + (states[s] as number)] as number),
    0,
  );
  const best = bestClasses(logProbabilities, frames, classes);
  return {
    symbols: [...symbols, BLANK_SIGN],
    blank,
    states: [...states],
    probabilities: [...logProbabilities.map(Math.exp)],
    alpha: [...alpha].map(numberOrNull),
    beta: [...beta].map(numberOrNull),
    occupancy: Array.from({ length: frames * S }, (_, k) =>
      Math.exp((alpha[k] as number) + (beta[k] as number) - logLikelihood),
    ),
    bestPath: [...path],
    loss: -logLikelihood,
    probability: Math.exp(logLikelihood),
    bestPathProbability: Math.exp(bestLog),
    paths: wayCount(lattice, frames, blank),
    perFrame: best.map((k) => symbols[k] ?? BLANK_SIGN).join(''),
    collapsed: best
      .filter((k, t) => k !== best[t - 1] && k !== blank)
      .map((k) => symbols[k])
      .join(''),
  };
}

/** [T, C] */
function madeLogits(labels: readonly number[], classes: number, options: SettingsOf<'trellis'>): Float64Array {
  const { frames, sureness, seed } = options;
  const random = makeRandom(seed);
  const logits = Float64Array.from({ length: frames * classes }, () => random());
  const blank = classes - 1;
  const states = [...labels.flatMap((label) => [blank, label]), blank];
  // Where there is room, each state has its share of the frames; else blanks give way.
  const way = frames >= states.length ? states : withoutSpareBlanks(labels, blank);
  for (let t = 0; t < frames; t++) {
    const state = Math.min(way.length - 1, Math.floor((t * way.length) / frames));
    logits[t * classes + (way[state] as number)]! += sureness;
  }
  return logits;
}

const withoutSpareBlanks = (labels: readonly number[], blank: number): number[] =>
  labels.flatMap((label, index) => (index > 0 && labels[index - 1] === label ? [blank, label] : [label]));

function bestClasses(logProbabilities: Float64Array, frames: number, classes: number): number[] {
  return Array.from({ length: frames }, (_, t) => {
    const row = logProbabilities.subarray(t * classes, (t + 1) * classes);
    return row.indexOf(Math.max(...row));
  });
}

/** Ways through the trellis that write the word, however improbable. */
function wayCount({ states }: CtcLattice, frames: number, blank: number): number {
  const S = states.length;
  let ways = Float64Array.from({ length: S }, (_, s) => (s < 2 ? 1 : 0));
  for (let t = 1; t < frames; t++) {
    ways = ways.map((own, s) => own + (ways[s - 1] ?? 0) + (canSkip(states, s, blank) ? (ways[s - 2] as number) : 0));
  }
  return (ways[S - 1] as number) + (ways[S - 2] as number);
}
