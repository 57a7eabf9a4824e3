import { describe, expect, test } from 'vitest';
import { adding } from '../../../engine/learning/adding';
import { copyMemory } from '../../../engine/learning/copyMemory';
import { drawEmbeddedReber, embeddedReber } from '../../../engine/learning/embeddedReber';
import type { DrawnBatch } from '../../../engine/learning/task';
import { TASK_NAMES, TASKS } from '../../../engine/learning/tasks';
import { temporalOrder } from '../../../engine/learning/temporalOrder';
import type { NetworkSpec } from '../../../app/contract/network';
import { checkBatch, checkLabels } from '../../../engine/network/labels';
import { makeRandom } from '../../../engine/runtime/random';

const SEQUENCES = 40;

/** The inputs of one row, [length, D]. */
function rowOf({ batch }: DrawnBatch, row: number): number[][] {
  const { features, N, D, lengths } = batch;
  return Array.from({ length: lengths[row]! }, (_, t) => [
    ...features.subarray((t * N + row) * D, (t * N + row + 1) * D),
  ]);
}
const symbolsOf = (drawn: DrawnBatch, row: number): number[] => rowOf(drawn, row).map((step) => step.indexOf(1));
const rows = Array.from({ length: SEQUENCES }, (_, row) => row);

describe.each(TASK_NAMES)('%s', (name) => {
  const task = TASKS[name];
  const spec: NetworkSpec = {
    inputSize: task.inputSize,
    layers: [{ cell: 'elman', units: 2, direction: 'forward' }],
    dropout: 0,
    head: task.head,
  };

  test.each([task.shortestLength, ...task.lengths])('draws what its network takes at length %i', (length) => {
    const { batch } = task.draw(makeRandom(3), length, SEQUENCES);
    expect(() => {
      checkBatch(spec, batch);
      checkLabels(spec, batch);
    }).not.toThrow();
    expect(batch.rowWeights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
  });

  test('counts less than a quarter as right where all answers are alike', () => {
    const drawn = task.draw(makeRandom(3), task.lengths[0]!, SEQUENCES);
    const frames = task.head.kind === 'framewise' ? drawn.batch.T : 1;
    expect(drawn.countRight(new Float32Array(frames * drawn.batch.N * task.head.classes))).toBeLessThan(SEQUENCES / 4);
  });
});

describe('the adding problem', () => {
  const drawn = adding.draw(makeRandom(3), 30, SEQUENCES);
  const targetOf = (row: number): number =>
    0.5 + rowOf(drawn, row).reduce((sum, [value = NaN, mark]) => (mark === 1 ? sum + value : sum), 0) / 4;

  test('weighs a sequence as class 1 by its target and as class 0 by the rest', () => {
    for (const row of rows) {
      const { rowWeights, labels } = drawn.batch;
      expect(rowWeights[row]! * SEQUENCES).toBeCloseTo(targetOf(row), 5);
      expect(rowWeights[row + SEQUENCES]! * SEQUENCES).toBeCloseTo(1 - targetOf(row), 5);
      expect([labels[row]![0], labels[row + SEQUENCES]![0]]).toEqual([1, 0]);
    }
  });

  test('marks two pairs, one among the first ten, both in the first half', () => {
    for (const row of rows) {
      const marks = rowOf(drawn, row).map(([, mark]) => mark);
      const marked = marks.flatMap((mark, t) => (mark === 1 ? [t] : []));
      expect([marks[0], marks.at(-1)]).toEqual([-1, -1]);
      expect(marked.length).toBeGreaterThanOrEqual(1); // one of the two may have been the first pair
      expect(Math.min(...marked)).toBeLessThan(marked.length === 2 ? 10 : 15);
      expect(Math.max(...marked)).toBeLessThan(15);
    }
  });

  test.each([
    ['right', 0.039, SEQUENCES],
    ['wrong', 0.041, 0],
  ])('an answer is %s that is %f off', (_, distance, expected) => {
    const logits = new Float32Array(2 * drawn.batch.N);
    rows.forEach((row) => {
      const answer = targetOf(row) + (targetOf(row) < 0.5 ? distance : -distance);
      logits[2 * row + 1] = Math.log(answer / (1 - answer));
    });
    expect(drawn.countRight(logits)).toBe(expected);
  });
});

describe('temporal order', () => {
  const drawn = temporalOrder.draw(makeRandom(3), 100, SEQUENCES);

  test('is the order of X and Y, at steps 10 to 20 and 50 to 60', () => {
    for (const row of rows) {
      const symbols = symbolsOf(drawn, row);
      const relevant = symbols.flatMap((symbol, t) => (symbol === 2 || symbol === 3 ? [{ t, isY: symbol === 3 }] : []));
      const [first, second] = relevant;
      expect(relevant).toHaveLength(2);
      expect(first!.t >= 10 && first!.t <= 20 && second!.t >= 50 && second!.t <= 60).toBe(true);
      expect(drawn.batch.labels[row]![0]).toBe((first!.isY ? 2 : 0) + (second!.isY ? 1 : 0));
      expect([symbols[0], symbols.at(-1)]).toEqual([0, 1]);
    }
  });

  test.each([
    [0.71, SEQUENCES],
    [0.69, 0],
  ])('a class of probability %f is right %i times', (probability, expected) => {
    const logits = new Float32Array(4 * SEQUENCES).fill(Math.log((1 - probability) / 3));
    drawn.batch.labels.forEach(([label], row) => (logits[4 * row + label!] = Math.log(probability)));
    expect(drawn.countRight(logits)).toBe(expected);
  });
});

describe('copy memory', () => {
  const drawn = copyMemory.draw(makeRandom(3), 30, SEQUENCES);

  test('asks for the first ten symbols at the last ten steps', () => {
    for (const row of rows) {
      const symbols = symbolsOf(drawn, row);
      expect(symbols).toHaveLength(50);
      expect(symbols.indexOf(9)).toBe(39);
      expect([...drawn.batch.labels[row]!]).toEqual([...new Array<number>(40).fill(8), ...symbols.slice(0, 10)]);
    }
  });

  test('is right where every symbol is, and not where one is missing', () => {
    const { labels, T } = drawn.batch;
    const logits = new Float32Array(T * SEQUENCES * 9);
    labels.forEach((row, n) => row.forEach((label, t) => (logits[(t * SEQUENCES + n) * 9 + label] = 1)));
    expect(drawn.countRight(logits)).toBe(SEQUENCES);
    logits.fill(0, (T - 1) * SEQUENCES * 9, ((T - 1) * SEQUENCES + 1) * 9);
    logits[(T - 1) * SEQUENCES * 9 + 8] = 1;
    expect(drawn.countRight(logits)).toBe(SEQUENCES - 1);
  });
});

describe('the embedded Reber grammar', () => {
  // The same language as a regular expression: after the first symbol T, S* and X lead to the lower half, or S to the end.
  const LOWER = 'T*V(?:PXT*V)*(?:V|PS)';
  const REBER = `B(?:TS*X(?:S|X${LOWER})|P${LOWER})E`;

  test.each([1, 3])('draws strings of the grammar, up to %i inside', (most) => {
    const grammar = new RegExp(`^B([TP])(?:${REBER}){1,${most}}\\1E$`);
    const random = makeRandom(3);
    for (let n = 0; n < 300; n++) {
      const string = drawEmbeddedReber(random, most)
        .map(({ letter }) => letter)
        .join('');
      expect(string).toMatch(grammar);
    }
  });

  test('whatever it calls legal may follow what came before', () => {
    const random = makeRandom(4);
    const successors = new Map<string, string>();
    const known = Array.from({ length: 2000 }, () => drawEmbeddedReber(random, 1));
    for (const steps of known)
      for (let t = 0, prefix = ''; t < steps.length; prefix += steps[t++]!.letter)
        successors.set(prefix, (successors.get(prefix) ?? '') + steps[t]!.letter);
    for (const steps of known)
      for (let t = 0, prefix = ''; t < Math.min(6, steps.length); prefix += steps[t++]!.letter)
        if (successors.get(prefix)!.length >= 30)
          expect([...new Set(successors.get(prefix))].sort()).toEqual([...steps[t]!.legal].sort());
  });

  test('the last but one letter must be the second one, not the other of the two', () => {
    const drawn = embeddedReber.draw(makeRandom(3), 1, 1);
    const steps = drawEmbeddedReber(makeRandom(3), 1);
    const logits = new Float32Array(drawn.batch.T * 7);
    steps
      .slice(1)
      .forEach(({ legal }, t) => [...legal].forEach((letter) => (logits[t * 7 + 'BTPSXVE'.indexOf(letter)] = 1)));
    expect(drawn.countRight(logits)).toBe(1);
    const at = (steps.length - 3) * 7;
    logits.subarray(at + 1, at + 3).reverse();
    expect(drawn.countRight(logits)).toBe(0);
  });
});
