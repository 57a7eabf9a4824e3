// Edit distance with its alignment. Levenshtein 1966; every edit costs 1.

export type EditStep<T> =
  | { readonly kind: 'match'; readonly reference: T; readonly hypothesis: T }
  | { readonly kind: 'substitution'; readonly reference: T; readonly hypothesis: T }
  | { readonly kind: 'deletion'; readonly reference: T }
  | { readonly kind: 'insertion'; readonly hypothesis: T };

export interface EditCounts {
  readonly substitutions: number;
  /** In the hypothesis, not in the reference. */
  readonly insertions: number;
  /** In the reference, not in the hypothesis. */
  readonly deletions: number;
}
export interface Edits<T> extends EditCounts {
  /** substitutions + insertions + deletions: the least number that turns one into the other. */
  readonly distance: number;
  /** In order; one of the shortest alignments. */
  readonly steps: readonly EditStep<T>[];
}

const DIAGONAL = 0;
const DELETION = 1;
const INSERTION = 2;

/** Time and memory are proportional to the product of the lengths. Items are compared with ===. */
export function edits<T>(reference: ArrayLike<T>, hypothesis: ArrayLike<T>): Edits<T> {
  const steps = walkBack(reference, hypothesis, arrivals(reference, hypothesis));
  const count = (kind: EditStep<T>['kind']): number => steps.filter((step) => step.kind === kind).length;
  const counts = {
    substitutions: count('substitution'),
    insertions: count('insertion'),
    deletions: count('deletion'),
  };
  return { ...counts, distance: counts.substitutions + counts.insertions + counts.deletions, steps };
}

/** How each cell of the table [R + 1, H + 1] is reached most cheaply; the distances themselves need only one row. */
function arrivals<T>(reference: ArrayLike<T>, hypothesis: ArrayLike<T>): Uint8Array {
  const width = hypothesis.length + 1;
  const arrival = new Uint8Array((reference.length + 1) * width);
  arrival.fill(INSERTION, 1, width);
  const row = Int32Array.from({ length: width }, (_, h) => h);
  for (let r = 1; r <= reference.length; r++) {
    let diagonal = row[0]!;
    row[0] = r;
    arrival[r * width] = DELETION;
    for (let h = 1; h < width; h++) {
      const through = diagonal + (reference[r - 1] === hypothesis[h - 1] ? 0 : 1);
      const best = Math.min(through, row[h]! + 1, row[h - 1]! + 1);
      arrival[r * width + h] = best === through ? DIAGONAL : best === row[h]! + 1 ? DELETION : INSERTION;
      diagonal = row[h]!;
      row[h] = best;
    }
  }
  return arrival;
}

function walkBack<T>(reference: ArrayLike<T>, hypothesis: ArrayLike<T>, arrival: Uint8Array): EditStep<T>[] {
  const steps: EditStep<T>[] = [];
  let r = reference.length;
  let h = hypothesis.length;
  while (r > 0 || h > 0) {
    const by = arrival[r * (hypothesis.length + 1) + h];
    if (by === DELETION) steps.push({ kind: 'deletion', reference: reference[--r]! });
    else if (by === INSERTION) steps.push({ kind: 'insertion', hypothesis: hypothesis[--h]! });
    else {
      const pair = { reference: reference[--r]!, hypothesis: hypothesis[--h]! };
      steps.push({ kind: pair.reference === pair.hypothesis ? 'match' : 'substitution', ...pair });
    }
  }
  return steps.reverse();
}

/** The distance alone. */
export const countEdits = <T>(reference: ArrayLike<T>, hypothesis: ArrayLike<T>): number =>
  edits(reference, hypothesis).distance;
