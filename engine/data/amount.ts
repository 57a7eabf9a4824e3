// How much there is of something.
import type { Amount } from '../../app/contract/dataset';
import { splitWords } from '../metrics/errorRates';

interface Measured {
  readonly seconds: number;
  readonly speaker: string | null;
  readonly transcript: string;
}

export function amountOf(rows: readonly Measured[]): Amount {
  return {
    recordings: rows.length,
    seconds: rows.reduce((sum, { seconds }) => sum + seconds, 0),
    speakers: new Set(rows.flatMap(({ speaker }) => speaker ?? [])).size,
    words: rows.reduce((sum, { transcript }) => sum + splitWords(transcript).length, 0),
  };
}
