import { describe, expect, it } from 'vitest';
import { bootstrapInterval } from '../../../engine/metrics/bootstrap';

const utterances = (count: number, isWrong: (index: number) => boolean) =>
  Array.from({ length: count }, (_, index) => ({ errors: isWrong(index) ? 1 : 0, reference: 1 }));

describe('the bootstrap interval of an error rate', () => {
  it('is about two standard errors to each side of the rate', () => {
    const [low, high] = bootstrapInterval(utterances(400, (index) => index % 5 === 0))!;
    // √(0.2 · 0.8 / 400) = 0.02
    expect(low).toBeCloseTo(0.2 - 1.96 * 0.02, 2);
    expect(high).toBeCloseTo(0.2 + 1.96 * 0.02, 2);
  });
  it('is wider where the errors lie in few long utterances', () => {
    const clustered = Array.from({ length: 40 }, (_, index) => ({ errors: index % 5 === 0 ? 10 : 0, reference: 10 }));
    const [low, high] = bootstrapInterval(clustered)!;
    expect(high - low).toBeGreaterThan(0.2);
  });
  it('is the rate itself where all utterances are alike', () => {
    expect(bootstrapInterval(utterances(10, () => true))).toEqual([1, 1]);
  });
  it('is none where there are no utterances', () => {
    expect(bootstrapInterval([])).toBeNull();
  });
});
