// Which recordings are learned, which watch over training, and which are kept for the end. Nobody's voice is in two parts.
import type { DataPart, Split } from '../../app/contract/dataset';
import { makeRandom } from '../runtime/random';
import { shuffle } from '../training/plan';

interface Voiced {
  /** Absolute. */
  readonly path: string;
  readonly speaker: string | null;
}

/**
 * The part of each row, by seeded choice among the speakers; those whose speaker is unknown are learned from. Where fewer than
 * two speakers are known the choice is among recordings; several rows of one file stay together.
 */
export function partsOf(
  rows: readonly Voiced[],
  shares: Pick<Split, 'seed' | 'validation' | 'test'>,
): { parts: DataPart[]; split: Split } {
  const speakers = namesOf(rows.map(({ speaker }) => speaker));
  const by = speakers.length < 2 ? 'recording' : 'speaker';
  const groups = by === 'speaker' ? speakers : namesOf(rows.map(({ path }) => path));
  const order = shuffle(groups, makeRandom(shares.seed));
  const [validation, test] = countsOf(groups.length, shares);
  const part = new Map<string, DataPart>();
  order.slice(0, validation).forEach((group) => part.set(group, 'validation'));
  order.slice(validation, validation + test).forEach((group) => part.set(group, 'test'));
  const parts = rows.map(({ path, speaker }) => part.get((by === 'speaker' ? speaker : path) ?? '') ?? 'train');
  return { parts, split: { ...shares, by } };
}

/** Each once, in the order of their code units, so that the order of the rows does not matter. */
const namesOf = (names: readonly (string | null)[]): string[] =>
  [...new Set(names)].filter((name) => name !== null).sort();

/** Groups for validation and for the test: at least one where a share is asked for and there is one to spare. */
function countsOf(groups: number, { validation, test }: Pick<Split, 'validation' | 'test'>): [number, number] {
  const wanted = (share: number): number => (share === 0 ? 0 : Math.max(1, Math.round(groups * share)));
  const forValidation = Math.min(wanted(validation), Math.max(0, groups - 1));
  return [forValidation, Math.min(wanted(test), Math.max(0, groups - 1 - forValidation))];
}
