// Which rows are kept for validation: whole speakers where speakers are known, so that nobody stands on both sides.
import type { DataPart } from '../../app/contract/dataset';
import { makeRandom } from '../runtime/random';
import { shuffle } from './plan';

/**
 * Splits rows by seeded choice; `fraction` of the speakers (or of the rows, where no row names one) are kept back. Where rows
 * name their part that counts instead, and rows of the test are in neither.
 */
export function splitForValidation<R extends { readonly speaker: string | null; readonly part?: DataPart | null }>(
  rows: readonly R[],
  fraction: number,
  seed: number,
): { training: R[]; validation: R[] } {
  if (rows.some(({ part }) => part !== undefined && part !== null)) {
    return {
      training: rows.filter(({ part }) => (part ?? 'train') === 'train'),
      validation: rows.filter(({ part }) => part === 'validation'),
    };
  }
  if (fraction === 0) return { training: [...rows], validation: [] };
  const random = makeRandom(seed);
  const speakers = [...new Set(rows.map((row) => row.speaker))].filter((speaker) => speaker !== null).sort();
  if (speakers.length < 2) {
    const order = shuffle([...rows.keys()], random);
    const kept = new Set(order.slice(0, Math.floor(rows.length * fraction)));
    return {
      training: rows.filter((_, index) => !kept.has(index)),
      validation: rows.filter((_, index) => kept.has(index)),
    };
  }
  const count = Math.min(speakers.length - 1, Math.max(1, Math.round(speakers.length * fraction)));
  const kept = new Set(shuffle(speakers, random).slice(0, count));
  const isKept = (row: R): boolean => row.speaker !== null && kept.has(row.speaker);
  return { training: rows.filter((row) => !isKept(row)), validation: rows.filter(isKept) };
}
