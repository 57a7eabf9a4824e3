// The labels of a model: which there are, which class each is, and what each weighs.
import { UnrollError } from '../../app/errors';
import type { LabelConfig } from '../../app/contract/labelConfig';

const MAX_LABELS = 20_000;

/** The labels of all sequences, each once, in the order of their code units. @throws UnrollError training.labels */
export function labelListOf(sequences: readonly (readonly string[])[]): string[] {
  const labels = [...new Set(sequences.flat())].sort();
  if (labels.length < 2 || labels.length > MAX_LABELS)
    throw new UnrollError('training.labels', { count: labels.length, most: MAX_LABELS });
  return labels;
}

/** The class of each label. @throws Error for one that is not in the list: a bug of the caller */
export function classesOf(labels: readonly string[]): (names: readonly string[]) => Int32Array {
  const classes = new Map(labels.map((label, index) => [label, index]));
  return (names) =>
    Int32Array.from(names, (name) => {
      const index = classes.get(name);
      if (index === undefined) throw new Error(`Expected a label of the list, but got ${name}`);
      return index;
    });
}

/**
 * The weight of each label in the loss, or null. Balanced: n / (k · nᵢ) for n labels of k kinds, nᵢ of this one, as scikit-learn
 * weighs them; one that is never learned weighs 1.
 * @param sequences what is learned
 * @throws UnrollError training.noLabel where a weight is given for what is no label
 */
export function classWeightsOf(
  wanted: LabelConfig['training']['classWeights'],
  labels: readonly string[],
  sequences: readonly (readonly string[])[],
): number[] | null {
  if (wanted === null) return null;
  if (wanted !== 'balanced') {
    const weights = new Map(Object.entries(wanted));
    const stranger = [...weights.keys()].find((name) => !labels.includes(name));
    if (stranger !== undefined) throw new UnrollError('training.noLabel', { label: stranger });
    return labels.map((label) => weights.get(label) ?? 1);
  }
  const counts = new Map<string, number>();
  for (const sequence of sequences) for (const label of sequence) counts.set(label, (counts.get(label) ?? 0) + 1);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return labels.map((label) => {
    const count = counts.get(label);
    return count === undefined ? 1 : all / (counts.size * count);
  });
}
