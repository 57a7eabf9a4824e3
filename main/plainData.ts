// What a message may be made of, looked at before any schema is: plain objects, lists, texts, numbers and the contract's typed
// arrays, no more of them than the largest message in order has. Schemas take time in proportion to what they are given.

/** Places in a message; a data set's announcement of its files has most. */
export const MAX_NODES = 1_000_000;
const MAX_DEPTH = 64;
const ARRAY_TAGS: ReadonlySet<string> = new Set([
  'Float32Array',
  'Float64Array',
  'Int16Array',
  'Int32Array',
  'Uint8Array',
]);

// Told by its tag and not by its prototype: what comes from a window was made in another realm.
const tagOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1);

/** Why this is no message at all, or null. The message's own body is an object, never one of its arrays. */
export function objectionToData(body: unknown): string | null {
  if (typeof body === 'object' && body !== null && ArrayBuffer.isView(body)) return 'Expected an object';
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value: body, depth: 0 }];
  let nodes = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next;
    if (++nodes > MAX_NODES) return `Expected at most ${MAX_NODES} values`;
    if (depth > MAX_DEPTH) return `Expected at most ${MAX_DEPTH} levels`;
    if (typeof value === 'bigint' || typeof value === 'symbol' || typeof value === 'function')
      return `Expected data, but got a ${typeof value}`;
    if (typeof value !== 'object' || value === null) continue;
    const tag = tagOf(value);
    if (ARRAY_TAGS.has(tag)) continue;
    if (tag !== 'Object' && tag !== 'Array') return `Expected data, but got a ${tag}`;
    const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
    if (nodes + waiting.length + inner.length > MAX_NODES) return `Expected at most ${MAX_NODES} values`;
    for (const each of inner) waiting.push({ value: each, depth: depth + 1 });
  }
  return null;
}
