// What a network gets right on examples that it does not learn from.
import { unreachable } from '../../app/errors';
import { answersEveryFrame, type NetworkSpec } from '../../app/contract/network';
import { bestClass, greedyEmissions } from '../ctc/greedy';
import { sequenceAccuracy, stepAccuracy, type LabelPair } from '../metrics/labelScores';
import { edits } from '../metrics/levenshtein';
import { slotScores } from '../metrics/slots';
import type { NetworkProgram } from '../network/program';
import { stepCount } from '../network/stack';
import { padBatch, type Example } from './examples';

/** Shares; of those that a network's head has no such thing for there is none. */
export interface ValidationScores {
  /** CTC: edits over reference symbols, greedy. */
  readonly validationSymbolError: number | null;
  /** Heads of labels: share of the sequences whose label, or all of whose labels, are right. */
  readonly validationAccuracy?: number;
  /** Framewise: share of the steps whose label is right. */
  readonly validationTokenAccuracy?: number;
  /** Framewise: F1 of the slots that the labels write (metrics/slots.ts). */
  readonly validationSlotF1?: number;
}
export interface Validation extends ValidationScores {
  /** Mean of the examples' plain losses, nats. */
  readonly validationLoss: number;
}

/** Rows of a batch; one shape serves all that are about as long. */
const ROWS = 16;

interface Answered {
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
  const ordered = [...examples].sort((a, b) => a.frames - b.frames);
  const answered: Answered[] = [];
  let loss = 0;
  for (let start = 0; start < ordered.length; start += ROWS) {
    const part = ordered.slice(start, start + ROWS);
    const batch = padBatch(part, ROWS);
    const losses = await program.losses(batch);
    const logits = await program.logits(batch);
    part.forEach((example, row) => {
      loss += losses[row] as number;
      answered.push({ example, logits: rowOf(spec, logits, batch.N, row, example.frames) });
    });
  }
  return { validationLoss: loss / ordered.length, ...scoresOf(spec, labels, answered) };
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

function scoresOf({ head }: NetworkSpec, labels: readonly string[], answered: readonly Answered[]): ValidationScores {
  switch (head.kind) {
    case 'ctc':
      return { validationSymbolError: symbolError(answered, head.classes) };
    case 'framewise': {
      const pairs = labelPairs(answered, labels);
      return {
        validationSymbolError: null,
        validationAccuracy: sequenceAccuracy(pairs),
        validationTokenAccuracy: stepAccuracy(pairs),
        validationSlotF1: slotScores(pairs).f1,
      };
    }
    case 'lastStep':
    case 'meanPool':
    case 'maxPool':
      return { validationSymbolError: null, validationAccuracy: sequenceAccuracy(labelPairs(answered, labels)) };
    default:
      return unreachable(head.kind);
  }
}

function symbolError(answered: readonly Answered[], classes: number): number {
  let [wrong, symbols] = [0, 0];
  for (const { example, logits } of answered) {
    const emissions = greedyEmissions(logits, logits.length / classes, classes, classes - 1);
    const heard = emissions.map(({ classIndex }) => classIndex);
    wrong += edits([...example.labels], heard).distance;
    symbols += example.labels.length;
  }
  return wrong / Math.max(1, symbols);
}

const labelPairs = (answered: readonly Answered[], labels: readonly string[]): LabelPair[] =>
  answered.map(({ example, logits }) => ({
    reference: Array.from(example.labels, (label) => labels[label]!),
    hypothesis: bestClasses(logits, labels.length).map((label) => labels[label]!),
  }));
const bestClasses = (logits: Float32Array, classes: number): number[] =>
  Array.from({ length: logits.length / classes }, (_, t) => bestClass(logits, t * classes, classes).classIndex);
