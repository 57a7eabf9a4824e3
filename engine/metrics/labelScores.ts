// How many labels are right: of whole sequences, of single steps, and of each label.

/** The labels of one sequence, as many on both sides: one for the whole, or one for each step. */
export interface LabelPair {
  readonly reference: readonly string[];
  readonly hypothesis: readonly string[];
}
export interface LabelScore {
  readonly label: string;
  /** How often it is in the references. */
  readonly count: number;
  /** Share of its hypotheses that are right; 0 where there is none. */
  readonly precision: number;
  /** Share of its references that were found; 0 where there is none. */
  readonly recall: number;
  /** Harmonic mean of both. */
  readonly f1: number;
}

/** Share of the sequences of which every label is right; 1 where there are none. */
export const sequenceAccuracy = (pairs: readonly LabelPair[]): number =>
  share(
    pairs.filter(({ reference, hypothesis }) => reference.every((label, at) => label === hypothesis[at])).length,
    pairs.length,
  );

/** Share of all labels of all sequences that are right; 1 where there are none. */
export function stepAccuracy(pairs: readonly LabelPair[]): number {
  let [right, all] = [0, 0];
  for (const { reference, hypothesis } of pairs) {
    all += reference.length;
    right += reference.filter((label, at) => label === hypothesis[at]).length;
  }
  return share(right, all);
}
const share = (right: number, all: number): number => (all === 0 ? 1 : right / all);

/** Each label of either side, in the order of their code units. */
export function scoresByLabel(pairs: readonly LabelPair[]): LabelScore[] {
  const counts = new Map<string, { reference: number; hypothesis: number; right: number }>();
  const countOf = (label: string) => {
    const count = counts.get(label) ?? { reference: 0, hypothesis: 0, right: 0 };
    counts.set(label, count);
    return count;
  };
  for (const { reference, hypothesis } of pairs)
    reference.forEach((label, at) => {
      countOf(label).reference += 1;
      countOf(hypothesis[at]!).hypothesis += 1;
      if (label === hypothesis[at]) countOf(label).right += 1;
    });
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, { reference, hypothesis, right }]) => ({
      label,
      count: reference,
      precision: right / Math.max(1, hypothesis),
      recall: right / Math.max(1, reference),
      f1: (2 * right) / (reference + hypothesis),
    }));
}
