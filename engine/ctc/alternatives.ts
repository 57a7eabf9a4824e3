// What else the frames of one word may say, and how probable the network thinks each of them.
import { blankClass } from '../../app/contract/model';
import type { Alternative } from '../../app/contract/recognition';
import { spellingOf } from '../text/spelling';
import { prefixBeamSearch } from './beam';
import { ctcLoss, requiredFrames } from './loss';
import { classCount, type TextManifest } from './words';

const MOST = 6;

/**
 * The words that these frames may say, most probable first: those of the card or, where it lists none, the labellings of a
 * beam that are one word. A score is p(word | logits) of CTC (Graves et al. 2006, equation 3), whether or not separators are
 * spelled around it: disjoint labellings, so that the sum is exact. It is no chance of being right.
 * @param logits [n, C] before softmax, of the word and what lies directly around it
 */
export function alternativesIn(logits: Float32Array, manifest: TextManifest): Alternative[] {
  const scored = manifest.card.words.length > 0 ? ofWords(logits, manifest) : ofBeam(logits, manifest);
  return [...scored]
    .map(([text, score]) => ({ text, score: Math.min(1, score) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, MOST);
}

const ofWords = (logits: Float32Array, manifest: TextManifest): Map<string, number> =>
  wordProbabilities(logits, manifest, manifest.card.words);

/**
 * p(word | logits) of each word, whether or not separators are spelled around it; 0 of one that the alphabet cannot write.
 * @param logits [n, C] before softmax
 */
export function wordProbabilities(
  logits: Float32Array,
  manifest: TextManifest,
  words: readonly string[],
): Map<string, number> {
  const { symbols, wordSeparator } = manifest.alphabet;
  const classes = classCount(manifest);
  const n = logits.length / classes;
  const probability = (spelling: readonly string[]): number => {
    const labels = spelling.map((symbol) => symbols.indexOf(symbol));
    if (labels.includes(-1) || requiredFrames(labels) > n) return 0;
    return Math.exp(-ctcLoss(logits, n, classes, labels, blankClass(manifest.alphabet)).loss);
  };
  const edges = wordSeparator === null ? [[]] : [[], [wordSeparator]];
  const scoreOf = (word: string): number =>
    edges
      .flatMap((before) =>
        edges.map((after) => probability([...before, ...spellingOf(word, manifest.alphabet), ...after])),
      )
      .reduce((sum, each) => sum + each, 0);
  return new Map(words.map((word) => [word, scoreOf(word)]));
}

function ofBeam(logits: Float32Array, manifest: TextManifest): Map<string, number> {
  const { symbols, wordSeparator, unknown } = manifest.alphabet;
  const classes = classCount(manifest);
  const scores = new Map<string, number>();
  const hypotheses = prefixBeamSearch(logits, logits.length / classes, classes, blankClass(manifest.alphabet));
  for (const { emissions, logProbability } of hypotheses) {
    const spelling = emissions.map(({ classIndex }) => symbols[classIndex] as string);
    if (spelling[0] === wordSeparator) spelling.shift();
    if (spelling.at(-1) === wordSeparator) spelling.pop();
    const isOneWord = spelling.every((symbol) => symbol !== wordSeparator && symbol !== unknown);
    if (!isOneWord || spelling.length === 0) continue;
    const text = spelling.join('');
    scores.set(text, (scores.get(text) ?? 0) + Math.exp(logProbability));
  }
  return scores;
}
