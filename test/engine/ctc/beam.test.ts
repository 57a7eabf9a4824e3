import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beamEmissions, DEFAULT_BEAM_OPTIONS, prefixBeamSearch } from '../../../engine/ctc/beam';
import { greedyEmissions } from '../../../engine/ctc/greedy';
import { ctcLoss } from '../../../engine/ctc/loss';
import { logSoftmax } from '../../../engine/ctc/posteriors';
import { collapse, eachPath, labellingProbabilities } from './bruteForce';
import { logitsOfPath, noisyLogits } from './logits';

const EXHAUSTIVE = { beamWidth: 10_000, minProbability: 0 };
const labelsOf = (emissions: readonly { classIndex: number }[]): number[] =>
  emissions.map((emission) => emission.classIndex);

const tinyLogits = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 2, max: 4 })).chain(([frames, classes]) =>
  fc.record({
    frames: fc.constant(frames),
    classes: fc.constant(classes),
    logits: fc
      .array(fc.double({ min: -3, max: 3, noNaN: true }), {
        minLength: frames * classes,
        maxLength: frames * classes,
      })
      .map((values) => Float64Array.from(values)),
  }),
);

describe('prefix beam search', () => {
  it('finds a labelling that no single best path shows', () => {
    // Blank 0.6 at both frames: the best path is silent (0.36), yet "0" gathers 0.4·0.4 + 2·0.4·0.6 = 0.64.
    const logits = Float64Array.from([0.4, 0.6, 0.4, 0.6].map(Math.log));
    expect(labelsOf(greedyEmissions(logits, 2, 2, 1))).toEqual([]);
    expect(labelsOf(beamEmissions(logits, 2, 2, 1))).toEqual([0]);
  });

  it('gives every labelling the probability of all its paths, unpruned', () => {
    fc.assert(
      fc.property(tinyLogits, ({ logits, frames, classes }) => {
        const blank = classes - 1;
        const expected = labellingProbabilities(
          logSoftmax(logits, frames, classes).map(Math.exp),
          frames,
          classes,
          blank,
        );
        const found = prefixBeamSearch(logits, frames, classes, blank, EXHAUSTIVE);
        expect(found.length).toBe(expected.size);
        for (const { emissions, logProbability } of found)
          expect(Math.exp(logProbability)).toBeCloseTo(expected.get(labelsOf(emissions).join(' '))!, 9);
      }),
      { numRuns: 50 },
    );
  });

  it('places the symbols where the most probable path of the labelling has them', () => {
    fc.assert(
      fc.property(tinyLogits, ({ logits, frames, classes }) => {
        const blank = classes - 1;
        const emissions = prefixBeamSearch(logits, frames, classes, blank, EXHAUSTIVE)[0]!.emissions;
        const labels = labelsOf(emissions).join(' ');
        const logProbabilities = logSoftmax(logits, frames, classes);
        const score = (path: readonly number[]): number =>
          path.reduce((sum, k, t) => sum + logProbabilities[t * classes + k]!, 0);
        let best = -Infinity;
        eachPath(frames, classes, (path) => {
          if (collapse(path, blank).join(' ') === labels) best = Math.max(best, score(path));
        });
        const placed = new Array<number>(frames).fill(blank);
        for (const { classIndex, startFrame, endFrame } of emissions) placed.fill(classIndex, startFrame, endFrame);
        expect(score(placed)).toBeCloseTo(best, 9);
      }),
      { numRuns: 50 },
    );
  });

  it('never claims more than the CTC likelihood of its labelling', () => {
    fc.assert(
      fc.property(noisyLogits(5, 8, 4), (logits) => {
        const frames = logits.length / 5;
        const { emissions, logProbability } = prefixBeamSearch(logits, frames, 5, 4)[0]!;
        expect(logProbability).toBeLessThanOrEqual(-ctcLoss(logits, frames, 5, labelsOf(emissions), 4).loss + 1e-9);
      }),
      { numRuns: 50 },
    );
  });

  it('agrees with the best path on certain logits, times and confidences included', () => {
    const path = [4, 4, 0, 0, 4, 0, 1, 1, 4, 4, 2, 3, 3, 4];
    const logits = logitsOfPath(path, 5, 0.99);
    const greedy = greedyEmissions(logits, path.length, 5, 4);
    const beam = beamEmissions(logits, path.length, 5, 4);
    expect(beam.map(({ classIndex, startFrame, endFrame }) => [classIndex, startFrame, endFrame])).toEqual(
      greedy.map(({ classIndex, startFrame, endFrame }) => [classIndex, startFrame, endFrame]),
    );
    beam.forEach(({ confidence }, i) => expect(confidence).toBeCloseTo(greedy[i]!.confidence, 9));
  });

  it('keeps at most beamWidth hypotheses, best first', () => {
    const found = prefixBeamSearch(logitsOfPath([0, 1, 2, 3], 5, 0.4), 4, 5, 4, { beamWidth: 3, minProbability: 0 });
    const scores = found.map((hypothesis) => hypothesis.logProbability);
    expect(scores.length).toBe(3);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  it('hears nothing in no frames', () => {
    expect(prefixBeamSearch(new Float32Array(0), 0, 5, 4, DEFAULT_BEAM_OPTIONS)).toEqual([
      { emissions: [], logProbability: 0, score: 0 },
    ]);
  });
});
