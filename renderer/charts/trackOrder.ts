// In which order the figures of a view stand.

/** The tracks of a view in the person's order; those that the order does not name keep their own place. */
export function orderedTracks<Id extends string>(own: readonly Id[], kept: readonly string[] = []): Id[] {
  const named = own.filter((id) => kept.includes(id)).sort((a, b) => kept.indexOf(a) - kept.indexOf(b));
  let next = 0;
  return own.map((id) => (kept.includes(id) ? (named[next++] as Id) : id));
}

/** The order with `id` at `index`, counted without it. */
export function withTrackAt<Id extends string>(order: readonly Id[], id: Id, index: number): Id[] {
  const others = order.filter((each) => each !== id);
  const place = Math.min(others.length, Math.max(0, index));
  return [...others.slice(0, place), id, ...others.slice(place)];
}
