import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edits } from '../../../engine/metrics/levenshtein';

const letters = (text: string): string[] => Array.from(text);
const short = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 6 });

/** The definition, word for word. */
function recursiveDistance(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return a.length + b.length;
  return Math.min(
    recursiveDistance(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
    recursiveDistance(a.slice(1), b) + 1,
    recursiveDistance(a, b.slice(1)) + 1,
  );
}

describe('edits', () => {
  it('counts substitutions, insertions and deletions apart', () => {
    expect(edits(letters('kitten'), letters('sitting'))).toMatchObject({
      substitutions: 2,
      insertions: 1,
      deletions: 0,
      distance: 3,
    });
  });

  it('counts what is missing as deletions', () => {
    expect(edits(['one', 'two'], [])).toMatchObject({ deletions: 2, distance: 2 });
  });

  it('counts what is too much as insertions', () => {
    expect(edits([], ['one', 'two'])).toMatchObject({ insertions: 2, distance: 2 });
  });

  it('aligns the two texts', () => {
    expect(edits(['one', 'two', 'go', 'yes'], ['one', 'go', 'yes', 'no']).steps).toEqual([
      { kind: 'match', reference: 'one', hypothesis: 'one' },
      { kind: 'deletion', reference: 'two' },
      { kind: 'match', reference: 'go', hypothesis: 'go' },
      { kind: 'match', reference: 'yes', hypothesis: 'yes' },
      { kind: 'insertion', hypothesis: 'no' },
    ]);
  });

  it('finds the least number of edits', () => {
    fc.assert(
      fc.property(short, short, (a, b) => {
        expect(edits(a, b).distance).toBe(recursiveDistance(a, b));
      }),
    );
  });

  it('gives steps that lead from the reference to the hypothesis', () => {
    fc.assert(
      fc.property(short, short, (a, b) => {
        const { steps } = edits(a, b);
        expect(steps.flatMap((step) => ('reference' in step ? [step.reference] : []))).toEqual(a);
        expect(steps.flatMap((step) => ('hypothesis' in step ? [step.hypothesis] : []))).toEqual(b);
      }),
    );
  });
});
