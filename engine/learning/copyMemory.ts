// Copy memory (Hochreiter & Schmidhuber 1997 in the form of Arjovsky, Shah & Bengio 2016, section 4.1): ten symbols are shown,
// and must be told in the same order after a long wait.
import { oneHotBatch, wholeNumber, type DrawnBatch, type LearningTask, type Random } from './task';

/** Symbols to be copied are 0 to 7. */
const COPIED = 8;
const BLANK = 8;
const RECALL = 9;
const SYMBOLS = 10;
const CLASSES = 9;
const SHOWN = 10;

/** SHOWN symbols, `wait` − 1 blanks, the sign to recall, SHOWN blanks: wait + 20 steps. */
function sequenceOf(shown: readonly number[], wait: number): number[] {
  const blanks = (count: number): number[] => new Array<number>(count).fill(BLANK);
  return [...shown, ...blanks(wait - 1), RECALL, ...blanks(SHOWN)];
}

function draw(random: Random, length: number, sequences: number): DrawnBatch {
  const shown = Array.from({ length: sequences }, () =>
    Array.from({ length: SHOWN }, () => wholeNumber(random, 0, COPIED - 1)),
  );
  const inputs = shown.map((symbols) => sequenceOf(symbols, length));
  const labels = shown.map((symbols) =>
    Int32Array.from([...new Array<number>(length + SHOWN).fill(BLANK), ...symbols]),
  );
  const classAt = (logits: Float32Array, t: number, row: number): number => {
    const at = (t * sequences + row) * CLASSES;
    const scores = logits.subarray(at, at + CLASSES);
    return scores.indexOf(Math.max(...scores));
  };
  return {
    batch: oneHotBatch(inputs, SYMBOLS, labels),
    countRight: (logits) =>
      shown.filter((symbols, row) => symbols.every((symbol, k) => classAt(logits, length + SHOWN + k, row) === symbol))
        .length,
  };
}

export const copyMemory: LearningTask = {
  title: 'Copy memory',
  source: 'Arjovsky, Shah & Bengio 2016, section 4.1',
  lengthOf: 'wait between ten symbols and their recall, in steps',
  lengths: [10, 30, 100],
  shortestLength: 1,
  inputSize: SYMBOLS,
  head: { kind: 'framewise', classes: CLASSES },
  draw,
};
