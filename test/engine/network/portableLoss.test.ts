import { describe, expect, test } from 'vitest';
import { batchLoss } from '../../../engine/network/portableLoss';
import type { LabelledBatch } from '../../../engine/network/program';
import { PLAIN_LOSS, type LossSettings } from '../../../engine/training/trainingRule';
import { expectClose, flat, readReference, shapeOf, type Nested } from './fixtures';

const batchOf = (T: number, lengths: number[], labels: number[][], rowWeights: number[]): LabelledBatch => ({
  features: new Float32Array(T * lengths.length),
  T,
  N: lengths.length,
  D: 1,
  lengths: Int32Array.from(lengths),
  labels: labels.map((row) => Int32Array.from(row)),
  rowWeights: Float32Array.from(rowWeights),
});

interface FramewiseReference {
  readonly logits: Nested;
  /** [T][N] */
  readonly labels: number[][];
  readonly mask: number[][];
  readonly meanCrossEntropy: number;
  readonly logitsGrad: Nested;
}

describe('framewise cross-entropy', () => {
  const reference = readReference<FramewiseReference>('framewise-cross-entropy');
  const [T = 0, N = 0, classes = 0] = shapeOf(reference.logits);
  const lengths = Array.from({ length: N }, (_, n) => reference.mask.filter((row) => row[n] === 1).length);
  const labels = lengths.map((length, n) => reference.labels.slice(0, length).map((row) => row[n]!));
  const frames = lengths.reduce((sum, length) => sum + length, 0);
  const batch = batchOf(T, lengths, labels, new Array<number>(N).fill(1 / frames));
  const result = batchLoss({ kind: 'framewise', classes }, flat(reference.logits), batch, PLAIN_LOSS);

  test('weighted to a mean over frames equals PyTorch', () => {
    expect(result.total).toBeCloseTo(reference.meanCrossEntropy, 6);
  });
  test('has PyTorch’s gradient', () => expectClose(result.gradient, flat(reference.logitsGrad), 1e-6));
});

describe('CTC over a padded batch', () => {
  const T = 5;
  const classes = 4;
  const logits = Float32Array.from({ length: T * 2 * classes }, (_, i) => Math.sin(i * 1.7));
  const head = { kind: 'ctc', classes } as const;
  const labels = [[0, 0, 1], []];

  test('weights the rows', () => {
    const result = batchLoss(head, logits, batchOf(T, [5, 3], labels, [0.25, 2]), PLAIN_LOSS);
    expect(result.total).toBeCloseTo(0.25 * result.losses[0]! + 2 * result.losses[1]!, 12);
  });

  test('leaves frames past the end without a gradient', () => {
    const { gradient } = batchLoss(head, logits, batchOf(T, [5, 3], labels, [1, 1]), PLAIN_LOSS);
    const past = [3, 4].flatMap((t) => [...gradient.subarray((t * 2 + 1) * classes, (t * 2 + 2) * classes)]);
    expect(past).toEqual(new Array(2 * classes).fill(0));
  });

  test('gives rows without weight no gradient', () => {
    const { gradient } = batchLoss(head, logits, batchOf(T, [5, 5], labels, [1, 0]), PLAIN_LOSS);
    const second = Array.from(gradient).filter((_, i) => Math.floor(i / classes) % 2 === 1);
    expect(second.every((value) => value === 0)).toBe(true);
  });
});

describe('one frame of three classes', () => {
  const p = [0.2, 0.5, 0.3];
  const [lnA, lnB, lnC] = p.map(Math.log) as [number, number, number];
  const lossWith = (settings: LossSettings) =>
    batchLoss({ kind: 'framewise', classes: 3 }, Float32Array.of(lnA, lnB, lnC), batchOf(1, [1], [[1]], [1]), settings);

  test('smoothing spreads its share over all classes', () => {
    const { total } = lossWith({ labelSmoothing: 0.3, classWeights: null });
    expect(total).toBeCloseTo(-(0.1 * lnA + 0.8 * lnB + 0.1 * lnC), 6);
  });
  test('a class weight multiplies its class’s share of the target', () => {
    const plain = lossWith({ labelSmoothing: 0, classWeights: [5, 2, 7] });
    expect(plain.total).toBeCloseTo(-2 * lnB, 6);
    const smoothed = lossWith({ labelSmoothing: 0.3, classWeights: [5, 2, 7] });
    expect(smoothed.total).toBeCloseTo(-(0.5 * lnA + 1.6 * lnB + 0.7 * lnC), 6);
  });
});

describe.each([
  ['framewise', 0, [0.5, 2, 1, 3]],
  ['framewise', 0.2, null],
  ['framewise', 0.2, [0.5, 2, 1, 3]],
  ['ctc', 0.2, null],
] as const)('%s with smoothing %d and class weights %j', (kind, labelSmoothing, classWeights) => {
  test('has the gradient that finite differences find', () => {
    const labels =
      kind === 'ctc'
        ? [[0, 2], []]
        : [
            [0, 2, 1, 3],
            [1, 1],
          ];
    const batch = batchOf(4, [4, 2], labels, [1, 0.5]);
    const logits = Float32Array.from({ length: 4 * 2 * 4 }, (_, i) => Math.sin(i * 1.3));
    const lossOf = (values: Float32Array) =>
      batchLoss({ kind, classes: 4 }, values, batch, { labelSmoothing, classWeights });
    const { gradient } = lossOf(logits);
    const step = 2 ** -10;
    const slopes = logits.map((_, at) => {
      const moved = (by: number) => lossOf(logits.map((value, i) => (i === at ? value + by : value))).total;
      return (moved(step) - moved(-step)) / (2 * step);
    });
    expectClose(gradient, slopes, 1e-4);
  });
});
