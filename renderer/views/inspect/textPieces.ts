// Two readings of one sound, symbol by symbol: what is the same, what stands for another, what came and what went.
import type { Piece } from '../../../app/contract/runs';

type Kind = Piece['kind'];

/** The fewest changes that lead from one text to the other (Levenshtein 1966), neighbours of a kind joined. */
export function textPieces(reference: string, hypothesis: string): Piece[] {
  const [from, to] = [[...reference], [...hypothesis]];
  const costs = costTable(from, to);
  const width = to.length + 1;
  const pieces: Piece[] = [];
  let [row, column] = [from.length, to.length];
  while (row > 0 || column > 0) {
    const here = costs[row * width + column]!;
    const isSame = row > 0 && column > 0 && from[row - 1] === to[column - 1];
    if (row > 0 && column > 0 && here === costs[(row - 1) * width + column - 1]! + (isSame ? 0 : 1))
      add(pieces, isSame ? 'same' : 'put', from[--row] ?? '', to[--column] ?? '');
    else if (row > 0 && here === costs[(row - 1) * width + column]! + 1) add(pieces, 'leftOut', from[--row] ?? '', '');
    else add(pieces, 'added', '', to[--column] ?? '');
  }
  return pieces.reverse();
}

/** Symbols that differ. */
export const changeCount = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, { kind, reference, hypothesis }) => {
    if (kind === 'same') return sum;
    return sum + Math.max([...reference].length, [...hypothesis].length);
  }, 0);

/** [from + 1, to + 1], changes that lead from each beginning to each. */
function costTable(from: readonly string[], to: readonly string[]): Uint32Array {
  const width = to.length + 1;
  const costs = new Uint32Array((from.length + 1) * width);
  for (let row = 0; row <= from.length; row++)
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      if (row === 0 || column === 0) costs[at] = row + column;
      else {
        const put = costs[at - width - 1]! + (from[row - 1] === to[column - 1] ? 0 : 1);
        costs[at] = Math.min(put, costs[at - width]! + 1, costs[at - 1]! + 1);
      }
    }
  return costs;
}

/** Before those that are there: the way back begins at the end. */
function add(pieces: Piece[], kind: Kind, reference: string, hypothesis: string): void {
  const last = pieces[pieces.length - 1];
  if (last?.kind === kind)
    pieces[pieces.length - 1] = {
      kind,
      reference: reference + last.reference,
      hypothesis: hypothesis + last.hypothesis,
    };
  else pieces.push({ kind, reference, hypothesis });
}
