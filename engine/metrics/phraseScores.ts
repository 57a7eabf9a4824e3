// How many key phrases are right: exact matches over all documents, and among the first few of each.

/** One document: what should be found, and what was, the surest first. */
export interface PhrasePair {
  readonly reference: readonly string[];
  /** What is claimed to be a key phrase. */
  readonly written: readonly string[];
  /** What would be offered if somebody asked for so many. */
  readonly ranked: readonly string[];
}
export interface PhraseScores {
  /** Right phrases over written ones, over all documents together; 0 where none was written. */
  readonly precision: number;
  readonly recall: number;
  /** Harmonic mean of both; 1 where nothing was there and nothing was written. */
  readonly f1: number;
  /** Right ones among the first k of a document over k, mean of the documents. */
  readonly precisionAtK: number;
  /** Right ones among the first k of a document over all of its own, mean of the documents that have any. */
  readonly recallAtK: number;
  readonly k: number;
  /** Different phrases of the references. */
  readonly phrases: number;
}

/** @param k at least 1 */
export function phraseScores(pairs: readonly PhrasePair[], k: number): PhraseScores {
  const total = { reference: 0, written: 0, right: 0, first: 0, found: 0, documents: 0 };
  for (const pair of pairs) {
    const [reference, written] = [new Set(pair.reference), new Set(pair.written)];
    total.reference += reference.size;
    total.written += written.size;
    total.right += [...written].filter((phrase) => reference.has(phrase)).length;
    const first = pair.ranked.slice(0, k).filter((phrase) => reference.has(phrase)).length;
    total.first += first / k;
    if (reference.size === 0) continue;
    total.found += first / reference.size;
    total.documents += 1;
  }
  const { reference, written, right } = total;
  return {
    precision: right / Math.max(1, written),
    recall: right / Math.max(1, reference),
    f1: reference + written === 0 ? 1 : (2 * right) / (reference + written),
    precisionAtK: total.first / Math.max(1, pairs.length),
    recallAtK: total.found / Math.max(1, total.documents),
    k,
    phrases: reference,
  };
}
