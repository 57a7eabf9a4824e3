// The adding problem (Hochreiter & Schmidhuber 1997, experiment 4): a sequence of pairs (number, mark); the answer at its end
// is the sum of the two marked numbers.
import { softmax, wholeNumber, type DrawnBatch, type LearningTask, type Random } from './task';

const D = 2;
const CLASSES = 2;
/** The paper's: an answer is right where it is nearer than this. */
const TOLERANCE = 0.04;
/** The first marked pair is among so many. */
const FIRST_PAIRS = 10;

interface AddingSequence {
  /** Numbers in [−1, 1). */
  readonly numbers: readonly number[];
  /** 1 at marked pairs, −1 at the first and the last, else 0. */
  readonly marks: readonly number[];
  /** 0.5 + (X1 + X2)/4, in [0, 1]. */
  readonly target: number;
}

/** @param T shortest length; the sequence is up to a tenth longer. */
function drawSequence(random: Random, T: number): AddingSequence {
  const length = wholeNumber(random, T, T + Math.floor(T / 10));
  const numbers = Array.from({ length }, () => 2 * random() - 1);
  const first = wholeNumber(random, 0, FIRST_PAIRS - 1);
  const unmarked = wholeNumber(random, 0, Math.floor(T / 2) - 2);
  const second = unmarked < first ? unmarked : unmarked + 1;
  const marks = numbers.map((_, t) => (t === 0 || t === length - 1 ? -1 : t === first || t === second ? 1 : 0));
  // A mark on the first pair gives way to that pair's own −1; its number then counts as zero.
  const sum = numbers.reduce((total, value, t) => (marks[t] === 1 ? total + value : total), 0);
  return { numbers, marks, target: 0.5 + sum / 4 };
}

/**
 * The target is a number and the head has classes: the probability of class 1 is the answer. Every sequence stands in the batch
 * twice, as class 1 with the target for its weight and as class 0 with the rest: together the cross-entropy against the target,
 * whose gradient at the logit is answer − target.
 */
function draw(random: Random, length: number, sequences: number): DrawnBatch {
  const drawn = Array.from({ length: sequences }, () => drawSequence(random, length));
  const rows = [...drawn, ...drawn];
  const N = rows.length;
  const T = Math.max(...drawn.map(({ numbers }) => numbers.length));
  const features = new Float32Array(T * N * D);
  rows.forEach(({ numbers, marks }, row) => {
    numbers.forEach((value, t) => features.set([value, marks[t] ?? 0], (t * N + row) * D));
  });
  const isOne = (row: number): boolean => row < sequences;
  return {
    batch: {
      features,
      T,
      N,
      D,
      lengths: Int32Array.from(rows, ({ numbers }) => numbers.length),
      labels: rows.map((_, row) => Int32Array.of(isOne(row) ? 1 : 0)),
      rowWeights: Float32Array.from(rows, ({ target }, row) => (isOne(row) ? target : 1 - target) / sequences),
    },
    countRight: (logits) =>
      drawn.filter(({ target }, row) => {
        const [, answer = NaN] = softmax(logits.subarray(row * CLASSES, (row + 1) * CLASSES));
        return Math.abs(answer - target) < TOLERANCE;
      }).length,
  };
}

export const adding: LearningTask = {
  title: 'Adding problem',
  source: 'Hochreiter & Schmidhuber 1997, experiment 4',
  lengthOf: 'shortest sequence, in steps',
  lengths: [30, 100, 500],
  shortestLength: FIRST_PAIRS + 2,
  inputSize: D,
  head: { kind: 'lastStep', classes: CLASSES },
  draw,
};
