// What a network gets right on examples that it does not learn from.
import { unreachable } from '../../app/errors';
import { answersEveryFrame, type NetworkSpec } from '../../app/contract/network';
import { bestClass, greedyEmissions } from '../ctc/greedy';
import { sequenceAccuracy, stepAccuracy } from '../metrics/labelScores';
import { errorRates } from '../metrics/errorRates';
import { countEdits } from '../metrics/levenshtein';
import { slotScores } from '../metrics/slots';
import type { NetworkProgram } from '../network/program';
import { stepCount } from '../network/stack';
import { padBatch, type Example } from './examples';
import type { Heard } from './hearings';
import type { EpochReport } from './records';

/** What validation says of an epoch; see the schema for each. */
export type ValidationScores = Pick<
  EpochReport,
  'symbolError' | 'wordError' | 'words' | 'accuracy' | 'tokenAccuracy' | 'slotF1'
>;
export interface Validation extends ValidationScores {
  /** Mean of the examples' plain losses, nats. */
  readonly validationLoss: number;
  /** What was heard of each example. */
  readonly heard: readonly Heard[];
}

/** Rows of a batch; one shape serves all that are about as long. */
const ROWS = 16;

interface Answered {
  /** Its place among the examples. */
  readonly index: number;
  readonly example: Example;
  /** [steps, C], or [1, C] where the head answers once. */
  readonly logits: Float32Array;
}

/** @param labels what the classes mean, the alphabet's symbols or a list of labels. @returns null where there are no examples. */
export async function validate(
  spec: NetworkSpec,
  labels: readonly string[],
  examples: readonly Example[],
  program: NetworkProgram,
): Promise<Validation | null> {
  if (examples.length === 0) return null;
  const ordered = examples.map((example, index) => ({ example, index }));
  ordered.sort((a, b) => a.example.frames - b.example.frames);
  const answered: Answered[] = [];
  let loss = 0;
  for (let start = 0; start < ordered.length; start += ROWS) {
    const part = ordered.slice(start, start + ROWS);
    const batch = padBatch(
      part.map(({ example }) => example),
      ROWS,
    );
    const losses = await program.losses(batch);
    const logits = await program.logits(batch);
    part.forEach(({ example, index }, row) => {
      loss += losses[row] as number;
      answered.push({ index, example, logits: rowOf(spec, logits, batch.N, row, example.frames) });
    });
  }
  const heard = answered.map((one) => heardOf(spec, labels, one));
  return { validationLoss: loss / ordered.length, ...scoresOf(spec, heard), heard };
}

/** One row's own logits out of a batch's. */
function rowOf(
  { head, ...spec }: NetworkSpec,
  logits: Float32Array,
  N: number,
  row: number,
  frames: number,
): Float32Array {
  const C = head.classes;
  const steps = answersEveryFrame(head) ? stepCount(spec, frames) : 1;
  const own = new Float32Array(steps * C);
  for (let t = 0; t < steps; t++) own.set(logits.subarray((t * N + row) * C, (t * N + row + 1) * C), t * C);
  return own;
}

function heardOf({ head }: NetworkSpec, labels: readonly string[], { index, example, logits }: Answered): Heard {
  const heard = head.kind === 'ctc' ? bestPath(logits, head.classes) : bestClasses(logits, head.classes);
  return {
    index,
    reference: Array.from(example.labels, (label) => labels[label]!),
    hypothesis: heard.map((label) => labels[label]!),
  };
}

function scoresOf({ head }: NetworkSpec, heard: readonly Heard[]): ValidationScores {
  const none = { symbolError: null, wordError: null, words: 0 };
  switch (head.kind) {
    case 'ctc':
      return ctcScores(heard);
    case 'framewise': {
      const { f1 } = slotScores(heard);
      return { ...none, accuracy: sequenceAccuracy(heard), tokenAccuracy: stepAccuracy(heard), slotF1: f1 };
    }
    case 'lastStep':
    case 'meanPool':
    case 'maxPool':
      return { ...none, accuracy: sequenceAccuracy(heard) };
    default:
      return unreachable(head.kind);
  }
}

function ctcScores(heard: readonly Heard[]): ValidationScores {
  let [wrong, symbols] = [0, 0];
  for (const { reference, hypothesis } of heard) {
    wrong += countEdits(reference, hypothesis);
    symbols += reference.length;
  }
  const texts = heard.map(({ reference, hypothesis }) => ({
    reference: reference.join(''),
    hypothesis: hypothesis.join(''),
  }));
  const { wer, words } = errorRates(texts);
  return { symbolError: wrong / Math.max(1, symbols), wordError: wer, words: words.reference };
}

const bestPath = (logits: Float32Array, classes: number): number[] =>
  greedyEmissions(logits, logits.length / classes, classes, classes - 1).map(({ classIndex }) => classIndex);
const bestClasses = (logits: Float32Array, classes: number): number[] =>
  Array.from({ length: logits.length / classes }, (_, t) => bestClass(logits, t * classes, classes).classIndex);
