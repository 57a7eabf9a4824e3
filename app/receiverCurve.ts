// How well a score tells where something is from where it is not: the receiver operating characteristic (Fawcett 2006, “An
// introduction to ROC analysis”, algorithms 1 and 3).

export interface ReceiverPoint {
  /** Whatever scores at least so much is taken for it; infinite at the point where nothing is. */
  readonly threshold: number;
  /** Taken for it, and it is; taken for it, and it is not. */
  readonly truePositives: number;
  readonly falsePositives: number;
}
export interface ReceiverCurve {
  /** From nothing taken to everything taken; equal scores are one step. */
  readonly points: readonly ReceiverPoint[];
  readonly positives: number;
  readonly negatives: number;
  /** Chance that one that is scores above one that is not, ties half; null where there are none of either. */
  readonly area: number | null;
}

/** @param isThere of each score, whether it is: 1 or 0 */
export function receiverCurve(scores: ArrayLike<number>, isThere: ArrayLike<number>): ReceiverCurve {
  const falling = Array.from(scores, (score, at) => ({ score, is: isThere[at] === 1 })).sort(
    (a, b) => b.score - a.score,
  );
  const positives = falling.filter(({ is }) => is).length;
  const negatives = falling.length - positives;
  const points: ReceiverPoint[] = [{ threshold: Infinity, truePositives: 0, falsePositives: 0 }];
  let [truePositives, falsePositives, under] = [0, 0, 0];
  falling.forEach(({ score, is }, at) => {
    if (is) truePositives++;
    else falsePositives++;
    if (falling[at + 1]?.score === score) return;
    const before = points.at(-1)!;
    under += (falsePositives - before.falsePositives) * (truePositives + before.truePositives) * 0.5;
    points.push({ threshold: score, truePositives, falsePositives });
  });
  const area = positives === 0 || negatives === 0 ? null : under / (positives * negatives);
  return { points, positives, negatives, area };
}
