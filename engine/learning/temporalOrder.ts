// Temporal order (Hochreiter & Schmidhuber 1997, experiment 6a): two of many symbols matter, X or Y each, far from each other
// and from the end; their order is the class.
import { oneHotBatch, softmax, wholeNumber, type DrawnBatch, type LearningTask, type Random } from './task';

/** Symbols: the start E, the end B, X and Y, and four that mean nothing. */
const START = 0;
const END = 1;
const X = 2;
const DISTRACTOR = 4;
const SYMBOLS = 8;
const CLASSES = 4;
/** The paper's: no output is further than this from its target, so the right class has more than the rest of 1. */
const TOLERANCE = 0.3;

/** @param T 100 is the paper's: 100 to 110 steps, the symbols at steps 10 to 20 and 50 to 60; others are scaled. */
function drawSequence(random: Random, T: number): { symbols: number[]; label: number } {
  const share = (hundredths: number): number => Math.floor((T * hundredths) / 100);
  const length = wholeNumber(random, T, T + share(10));
  const [first, second] = [wholeNumber(random, 0, 1), wholeNumber(random, 0, 1)];
  const symbols = Array.from({ length }, () => wholeNumber(random, DISTRACTOR, SYMBOLS - 1));
  symbols[wholeNumber(random, share(10), share(20))] = X + first;
  symbols[wholeNumber(random, share(50), share(60))] = X + second;
  symbols[0] = START;
  symbols[length - 1] = END;
  return { symbols, label: 2 * first + second };
}

function draw(random: Random, length: number, sequences: number): DrawnBatch {
  const drawn = Array.from({ length: sequences }, () => drawSequence(random, length));
  const labels = drawn.map(({ label }) => Int32Array.of(label));
  return {
    batch: oneHotBatch(
      drawn.map(({ symbols }) => symbols),
      SYMBOLS,
      labels,
    ),
    countRight: (logits) =>
      drawn.filter(({ label }, row) => {
        const probability = softmax(logits.subarray(row * CLASSES, (row + 1) * CLASSES))[label] ?? NaN;
        return 1 - probability < TOLERANCE;
      }).length,
  };
}

export const temporalOrder: LearningTask = {
  title: 'Temporal order',
  source: 'Hochreiter & Schmidhuber 1997, experiment 6a',
  lengthOf: 'shortest sequence, in steps',
  lengths: [30, 100, 300],
  shortestLength: 10,
  inputSize: SYMBOLS,
  head: { kind: 'lastStep', classes: CLASSES },
  draw,
};
