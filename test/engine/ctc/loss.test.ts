import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ctcLoss, requiredFrames } from '../../../engine/ctc/loss';
import { logSoftmax } from '../../../engine/ctc/posteriors';
import { collapse, labellingProbabilities } from './bruteForce';

interface ReferenceCase {
  /** [T][N][C] */
  readonly logits: number[][][];
  readonly blank: number;
  readonly inputLengths: number[];
  readonly labels: number[][];
  readonly negLogLikelihood: number[];
  readonly logitsGrad: number[][][];
}
const reference = JSON.parse(
  readFileSync(new URL('../../fixtures/reference/ctc.json', import.meta.url), 'utf8'),
) as ReferenceCase[];

const rows = reference.flatMap((group, groupIndex) =>
  group.labels.map((labels, n) => ({
    name: `case ${groupIndex + 1}, sequence ${n + 1}, labels [${labels.join(' ')}]`,
    labels,
    blank: group.blank,
    frames: group.inputLengths[n]!,
    classes: group.logits[0]![0]!.length,
    logits: Float64Array.from(group.logits.flatMap((frame) => frame[n]!)),
    loss: group.negLogLikelihood[n]!,
    gradient: group.logitsGrad.slice(0, group.inputLengths[n]).flatMap((frame) => frame[n]!),
  })),
);

const maxDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((max, value, i) => Math.max(max, Math.abs(value - b[i]!)), 0);

describe('CTC loss against PyTorch', () => {
  it.each(rows)('gives the same loss: $name', ({ logits, frames, classes, labels, blank, loss }) => {
    expect(ctcLoss(logits, frames, classes, labels, blank).loss).toBeCloseTo(loss, 8);
  });

  it.each(rows)('gives the same gradient: $name', ({ logits, frames, classes, labels, blank, gradient }) => {
    const result = ctcLoss(logits, frames, classes, labels, blank);
    expect(result.gradient.length).toBe(gradient.length);
    expect(maxDifference(result.gradient, gradient)).toBeLessThan(1e-8);
  });
});

/** Up to 5 frames of up to 4 classes, a blank anywhere, and labels that fit. */
const tinyCase = fc
  .record({ frames: fc.integer({ min: 1, max: 5 }), classes: fc.integer({ min: 2, max: 4 }) })
  .chain(({ frames, classes }) =>
    fc.record({
      frames: fc.constant(frames),
      classes: fc.constant(classes),
      blank: fc.integer({ min: 0, max: classes - 1 }),
      path: fc.array(fc.integer({ min: 0, max: classes - 1 }), { minLength: frames, maxLength: frames }),
      logits: fc
        .array(fc.double({ min: -4, max: 4, noNaN: true }), {
          minLength: frames * classes,
          maxLength: frames * classes,
        })
        .map((values) => Float64Array.from(values)),
    }),
  )
  .map((drawn) => ({ ...drawn, labels: collapse(drawn.path, drawn.blank) }));

describe('CTC loss on tiny cases', () => {
  it('equals the sum over all paths', () => {
    fc.assert(
      fc.property(tinyCase, ({ logits, frames, classes, labels, blank }) => {
        const posteriors = logSoftmax(logits, frames, classes).map(Math.exp);
        const sums = labellingProbabilities(posteriors, frames, classes, blank);
        expect(ctcLoss(logits, frames, classes, labels, blank).loss).toBeCloseTo(
          -Math.log(sums.get(labels.join(' '))!),
          9,
        );
      }),
      { numRuns: 100 },
    );
  });

  it('has the gradient that central differences give', () => {
    const step = 1e-5;
    fc.assert(
      fc.property(tinyCase, ({ logits, frames, classes, labels, blank }) => {
        const lossWith = (i: number, shift: number): number =>
          ctcLoss(
            logits.map((value, j) => (i === j ? value + shift : value)),
            frames,
            classes,
            labels,
            blank,
          ).loss;
        const measured = Array.from(logits, (_, i) => (lossWith(i, step) - lossWith(i, -step)) / (2 * step));
        expect(maxDifference(ctcLoss(logits, frames, classes, labels, blank).gradient, measured)).toBeLessThan(1e-6);
      }),
      { numRuns: 60 },
    );
  });

  it('takes an empty text for all blanks', () => {
    const logits = Float64Array.from([0.3, -1, 2, 0.5, 0.1, 0.2]);
    const logProbabilities = logSoftmax(logits, 2, 3);
    expect(ctcLoss(logits, 2, 3, [], 2).loss).toBeCloseTo(-(logProbabilities[2]! + logProbabilities[5]!), 12);
  });
});

describe('CTC loss at its limits', () => {
  it('stays finite over a thousand extreme frames', () => {
    const logits = new Float32Array(1000 * 3).map((_, i) => (i % 3 === 0 ? 80 : -80));
    const { loss, gradient } = ctcLoss(logits, 1000, 3, [1, 2, 1], 0);
    expect(Number.isFinite(loss) && gradient.every(Number.isFinite)).toBe(true);
  });

  it('counts a blank between equal neighbours', () => {
    expect(requiredFrames([4, 4, 1, 1, 1])).toBe(8);
  });

  it('refuses labels that do not fit into the frames', () => {
    expect(() => ctcLoss(new Float32Array(6), 2, 3, [1, 1], 0)).toThrow(RangeError);
  });

  it('refuses the blank as a label', () => {
    expect(() => ctcLoss(new Float32Array(6), 2, 3, [0], 0)).toThrow(RangeError);
  });

  it('refuses fewer logits than frames', () => {
    expect(() => ctcLoss(new Float32Array(5), 2, 3, [1], 0)).toThrow(RangeError);
  });
});
