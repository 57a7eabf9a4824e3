// Finding by what a person types: every word typed must be somewhere in the text, in any order.

/** The words of a query, in small letters. */
export const wordsOf = (query: string): readonly string[] =>
  query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');

/** Spans [start, end) of `text` that match the words of `query`, in order and not overlapping; null where a word is missing. */
export function findWords(text: string, query: string): readonly (readonly [number, number])[] | null {
  const lower = text.toLowerCase();
  const spans: [number, number][] = [];
  for (const word of wordsOf(query)) {
    const start = lower.indexOf(word);
    if (start < 0) return null;
    spans.push([start, start + word.length]);
  }
  return merged(spans);
}

export type Piece = { readonly text: string; readonly isHit: boolean };

/** The text in pieces, hits apart; null where it does not match. */
export function markedPieces(text: string, query: string): readonly Piece[] | null {
  const spans = findWords(text, query);
  if (spans === null) return null;
  const pieces: Piece[] = [];
  let end = 0;
  for (const [from, to] of spans) {
    if (from > end) pieces.push({ text: text.slice(end, from), isHit: false });
    pieces.push({ text: text.slice(from, to), isHit: true });
    end = to;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), isHit: false });
  return pieces;
}

function merged(spans: [number, number][]): [number, number][] {
  const out: [number, number][] = [];
  for (const span of spans.sort((a, b) => a[0] - b[0])) {
    const last = out[out.length - 1];
    if (last && span[0] <= last[1]) last[1] = Math.max(last[1], span[1]);
    else out.push([...span]);
  }
  return out;
}
