// Votes of neighbouring steps: a symbol's score is what the steps around say together, so that the sounds of a whole word tell
// which word it was; the blank's is each step's own, so that it tells where.
//
//   y[t, k] = mean of a[τ, k] over the steps τ of the sequence with |τ − t| ≤ (v − 1)/2     for every class k but the last
//   y[t, C − 1] = a[t, C − 1]
//
// Letters: a = x·W + b [T, N, C], v = voteSteps. What lies past a sequence's end has no vote.
import type { HeadSpec } from '../../app/contract/network';

/** Of each class, whether steps vote on it. */
export const isVoted = ({ classes }: Pick<HeadSpec, 'classes'>): boolean[] =>
  Array.from({ length: classes }, (_, k) => k < classes - 1);
