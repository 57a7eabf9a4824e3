import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GreedyDecoder, greedyEmissions } from '../../../engine/ctc/greedy';
import { collapse } from './bruteForce';
import { eachChunk, logitsOfPath, noisyLogits, pathOfRuns, someSizes } from './logits';

const CLASSES = 4;
const BLANK = 3;

describe('greedy decoding', () => {
  it('merges repeats, drops blanks and keeps symbols that a blank parts', () => {
    const emissions = greedyEmissions(logitsOfPath([3, 0, 0, 3, 0, 1, 1, 1, 3], CLASSES), 9, CLASSES, BLANK);
    expect(emissions.map(({ classIndex, startFrame, endFrame }) => [classIndex, startFrame, endFrame])).toEqual([
      [0, 1, 3],
      [0, 4, 5],
      [1, 5, 8],
    ]);
  });

  it('gives the mean posterior of a symbol as its confidence', () => {
    const logits = Float32Array.from([...logitsOfPath([1], CLASSES, 0.6), ...logitsOfPath([1], CLASSES, 0.8)]);
    expect(greedyEmissions(logits, 2, CLASSES, BLANK)[0]?.confidence).toBeCloseTo(0.7, 6);
  });

  it('collapses any path as the definition says', () => {
    fc.assert(
      fc.property(pathOfRuns(CLASSES, 12, 3), (path) => {
        const emissions = greedyEmissions(logitsOfPath(path, CLASSES), path.length, CLASSES, BLANK);
        expect(emissions.map((emission) => emission.classIndex)).toEqual(collapse(path, BLANK));
      }),
    );
  });

  it('gives the same emissions for any chunks', () => {
    fc.assert(
      fc.property(noisyLogits(CLASSES, 12, 5), someSizes, (logits, sizes) => {
        const decoder = new GreedyDecoder(CLASSES, BLANK);
        const emissions: unknown[] = [];
        eachChunk(logits, CLASSES, sizes, (chunk, n) => emissions.push(...decoder.push(chunk, n).emissions));
        emissions.push(...decoder.finish());
        expect(emissions).toEqual(greedyEmissions(logits, logits.length / CLASSES, CLASSES, BLANK));
      }),
    );
  });

  it('shows the symbol that is still being heard', () => {
    const decoder = new GreedyDecoder(CLASSES, BLANK);
    decoder.push(logitsOfPath([3, 2, 2], CLASSES), 3);
    expect(decoder.open).toMatchObject({ classIndex: 2, startFrame: 1, endFrame: 3 });
  });

  it('reports the best class and its posterior for every frame', () => {
    const { classes, probabilities } = new GreedyDecoder(CLASSES, BLANK).push(logitsOfPath([3, 2, 0], CLASSES, 0.7), 3);
    expect([...classes]).toEqual([3, 2, 0]);
    for (const probability of probabilities) expect(probability).toBeCloseTo(0.7, 6);
  });
});
