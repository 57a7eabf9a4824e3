// What a network gets right on examples that it does not learn from.
import { unreachable } from '../../app/errors';
import type { NetworkSpec } from '../../app/contract/network';
import { bestClass, greedyEmissions } from '../ctc/greedy';
import { sequenceAccuracy, stepAccuracy } from '../metrics/labelScores';
import { errorRates } from '../metrics/errorRates';
import { countEdits } from '../metrics/levenshtein';
import { PHRASES_OFFERED } from '../keywords/phraseTags';
import { phraseScores, type PhrasePair } from '../metrics/phraseScores';
import { slotScores } from '../metrics/slots';
import type { NetworkProgram } from '../network/program';
import { batchesByLength, rowLogits } from './answers';
import type { Example } from './examples';
import type { Heard } from './hearings';
import type { EpochReport } from './records';

/** What validation says of an epoch; see the schema for each. */
export type ValidationScores = Pick<
  EpochReport,
  | ('symbolError' | 'wordError' | 'words' | 'accuracy' | 'tokenAccuracy')
  | ('slotF1' | 'slotPrecision' | 'slotRecall' | 'precisionAtK' | 'recallAtK')
>;
export interface Validation extends ValidationScores {
  /** Mean of the examples' plain losses, nats. */
  readonly validationLoss: number;
  /** What was heard of each example. */
  readonly heard: readonly Heard[];
}

interface Answered {
  /** Its place among the examples. */
  readonly index: number;
  readonly example: Example;
  /** [steps, C], or [1, C] where the head answers once. */
  readonly logits: Float32Array;
}

/** What a network's answers mean. */
export interface Meaning {
  readonly spec: NetworkSpec;
  /** Of its classes: the alphabet's symbols, or a list of labels. */
  readonly labels: readonly string[];
  /** What stands between two symbols of a text when its words are counted: a space where each is a word; nothing if left out. */
  readonly between?: string;
  /** The classes of a framewise head chosen together out of logits [steps, C]; each step's own best if left out. */
  readonly bestPath?: (logits: Float32Array) => ArrayLike<number>;
  /** Where tags stand for key phrases: those of an example, by its place, its tags and its logits [steps, C]. */
  readonly phrases?: (index: number, tags: readonly string[], logits: Float32Array) => PhrasePair;
}

/** @returns null where there are no examples. */
export async function validate(
  meaning: Meaning,
  examples: readonly Example[],
  program: NetworkProgram,
): Promise<Validation | null> {
  if (examples.length === 0) return null;
  const { spec, between = '' } = meaning;
  const answered: Answered[] = [];
  let loss = 0;
  for (const { batch, indices } of batchesByLength(examples)) {
    const losses = await program.losses(batch);
    const logits = await program.logits(batch);
    indices.forEach((index, row) => {
      const example = examples[index]!;
      loss += losses[row] as number;
      answered.push({ index, example, logits: rowLogits(spec, logits, { N: batch.N, row, frames: example.frames }) });
    });
  }
  const heard = answered.map((one) => heardOf(meaning, one));
  const scores = { ...scoresOf(spec, heard, between), ...phraseScoresOf(meaning, answered, heard) };
  return { validationLoss: loss / examples.length, ...scores, heard };
}

function heardOf({ spec: { head }, labels, bestPath }: Meaning, { index, example, logits }: Answered): Heard {
  const one = head.kind === 'ctc' ? symbolsOf : (bestPath ?? bestClasses);
  return {
    index,
    reference: Array.from(example.labels, (label) => labels[label]!),
    hypothesis: Array.from(one(logits, head.classes), (label) => labels[label]!),
  };
}

function phraseScoresOf(
  { phrases }: Meaning,
  answered: readonly Answered[],
  heard: readonly Heard[],
): Pick<ValidationScores, 'precisionAtK' | 'recallAtK'> {
  if (phrases === undefined) return {};
  const pairs = answered.map(({ index, logits }, at) => phrases(index, heard[at]!.hypothesis, logits));
  const { precisionAtK, recallAtK } = phraseScores(pairs, PHRASES_OFFERED);
  return { precisionAtK, recallAtK };
}

function scoresOf({ head }: NetworkSpec, heard: readonly Heard[], between: string): ValidationScores {
  const none = { symbolError: null, wordError: null, words: 0 };
  switch (head.kind) {
    case 'ctc':
      return ctcScores(heard, between);
    case 'framewise': {
      const { f1, precision, recall } = slotScores(heard);
      const ofSlots = { slotF1: f1, slotPrecision: precision, slotRecall: recall };
      return { ...none, accuracy: sequenceAccuracy(heard), tokenAccuracy: stepAccuracy(heard), ...ofSlots };
    }
    case 'lastStep':
    case 'meanPool':
    case 'maxPool':
      return { ...none, accuracy: sequenceAccuracy(heard) };
    default:
      return unreachable(head.kind);
  }
}

function ctcScores(heard: readonly Heard[], between: string): ValidationScores {
  let [wrong, symbols] = [0, 0];
  for (const { reference, hypothesis } of heard) {
    wrong += countEdits(reference, hypothesis);
    symbols += reference.length;
  }
  const texts = heard.map(({ reference, hypothesis }) => ({
    reference: reference.join(between),
    hypothesis: hypothesis.join(between),
  }));
  const { wer, words } = errorRates(texts);
  return { symbolError: wrong / Math.max(1, symbols), wordError: wer, words: words.reference };
}

const symbolsOf = (logits: Float32Array, classes: number): number[] =>
  greedyEmissions(logits, logits.length / classes, classes, classes - 1).map(({ classIndex }) => classIndex);
const bestClasses = (logits: Float32Array, classes: number): number[] =>
  Array.from({ length: logits.length / classes }, (_, t) => bestClass(logits, t * classes, classes).classIndex);
