// Validation examples for people: what was said, what was heard, where they differ.
import { answersEveryFrame, type HeadSpec } from '../../app/contract/network';
import type { Hearing, Piece } from '../../app/contract/runs';
import { edits, type EditStep } from '../metrics/levenshtein';

/** What a network made of an example, in symbols or labels. */
export interface Heard {
  /** The example's place among the validation examples. */
  readonly index: number;
  readonly reference: readonly string[];
  readonly hypothesis: readonly string[];
}
export interface RankedHearing extends Hearing {
  readonly index: number;
}

const EACH = 3;
/** Longer texts would make a file that nobody reads. */
const MAX_SYMBOLS = 2000;

/**
 * The three best, those around the median, the three worst, by edits over symbols; of equals the first. From a few examples
 * each is taken once.
 */
export function rankedHearings(heard: readonly Heard[], head: Pick<HeadSpec, 'kind'>): RankedHearing[] {
  const parter = head.kind !== 'ctc' && answersEveryFrame(head) ? ' ' : '';
  const all = heard
    .filter(({ reference, hypothesis }) => Math.max(reference.length, hypothesis.length) <= MAX_SYMBOLS)
    .map((one) => ({ index: one.index, ...hearingOf(one, parter) }))
    .sort((a, b) => a.symbolError - b.symbolError || a.index - b.index);
  const each = Math.min(EACH, Math.max(1, Math.floor(all.length / 3)));
  const middle = Math.floor((all.length - each) / 2);
  const taken = new Set<number>();
  const take = (rank: Hearing['rank'], from: number): RankedHearing[] =>
    all.slice(Math.max(0, from), Math.max(0, from) + each).flatMap((hearing) => {
      if (taken.has(hearing.index)) return [];
      taken.add(hearing.index);
      return [{ ...hearing, rank }];
    });
  const [best, worst] = [take('best', 0), take('worst', all.length - each)];
  return [...best, ...take('median', middle), ...worst.toReversed()];
}

function hearingOf({ reference, hypothesis }: Heard, parter: string): Omit<Hearing, 'rank'> {
  const { distance, steps } = edits(reference, hypothesis);
  return {
    reference: reference.join(parter),
    hypothesis: hypothesis.join(parter),
    pieces: piecesOf(steps, parter),
    symbolError: distance / Math.max(1, reference.length),
  };
}

const KINDS = { match: 'same', substitution: 'put', deletion: 'leftOut', insertion: 'added' } as const satisfies Record<
  EditStep<string>['kind'],
  Piece['kind']
>;
/** Neighbouring steps of one kind make one piece. */
function piecesOf(steps: readonly EditStep<string>[], parter: string): Piece[] {
  const pieces: { kind: Piece['kind']; reference: string[]; hypothesis: string[] }[] = [];
  for (const step of steps) {
    const kind = KINDS[step.kind];
    if (pieces.at(-1)?.kind !== kind) pieces.push({ kind, reference: [], hypothesis: [] });
    const piece = pieces.at(-1)!;
    if (step.kind !== 'insertion') piece.reference.push(step.reference);
    if (step.kind !== 'deletion') piece.hypothesis.push(step.hypothesis);
  }
  return pieces.map(({ kind, reference, hypothesis }) => ({
    kind,
    reference: reference.join(parter),
    hypothesis: hypothesis.join(parter),
  }));
}
