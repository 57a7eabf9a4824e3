// What was said against what was read: the steps of the shortest alignments of many texts, counted pair by pair.
import {
  MAX_CELL_PLACES,
  MAX_CONFUSED,
  PLACE_FIELDS,
  type ConfusionScore,
  type ConfusionTable,
} from '../../app/contract/confusions';
import { edits } from './levenshtein';

/** A symbol or a word as it was read, with its place in the sound. */
export interface ReadItem {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}
export interface ReadClip {
  readonly said: readonly string[];
  readonly read: readonly ReadItem[];
  readonly durationMs: number;
  /** What an item scores in the clip; 0 where it is not named. */
  readonly scores: ReadonlyMap<string, number>;
}

/** One step of an alignment: what was said (null: nothing), what was read (null: nothing), where. */
interface Pair {
  readonly said: string | null;
  readonly read: string | null;
  readonly clip: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export class ConfusionCounts {
  /** By what was said and what was read: how often, and the first places. */
  readonly #cells = new Map<
    string,
    { readonly said: string | null; readonly read: string | null; count: number; readonly places: Pair[] }
  >();
  readonly #said: ReadonlySet<string>[] = [];
  readonly #scores: ReadonlyMap<string, number>[] = [];

  add({ said, read, durationMs, scores }: ReadClip): void {
    const clip = this.#said.length;
    let next = 0;
    for (const step of edits(
      said,
      read.map(({ text }) => text),
    ).steps) {
      if (step.kind !== 'deletion') {
        const { text, startMs, endMs } = read[next++]!;
        const pair = { read: text, clip, fromMs: startMs, toMs: endMs };
        this.#count({ ...pair, said: step.kind === 'insertion' ? null : step.reference });
        continue;
      }
      // What was left out lies between what was read before and after it.
      const [fromMs, toMs] = [read[next - 1]?.endMs ?? 0, read[next]?.startMs ?? durationMs];
      this.#count({ said: step.reference, read: null, clip, fromMs, toMs: Math.max(fromMs, toMs) });
    }
    this.#said.push(new Set(said));
    this.#scores.push(scores);
  }

  /**
   * @param order of the items, where all of them fit: those that it does not name stand behind, by their code units
   */
  table(scoredBy: ConfusionScore, order: readonly string[] = []): ConfusionTable {
    const all = this.#items();
    const items = all.length > MAX_CONFUSED ? this.#mostConfused(all) : inOrder(all, order);
    const side = items.length + (all.length > items.length ? 1 : 0) + 1;
    const placeOf = new Map(items.map((item, index) => [item, index]));
    const indexOf = (item: string | null): number => (item === null ? side - 1 : (placeOf.get(item) ?? items.length));
    const counts = new Int32Array(side * side);
    const places = new Map<number, Pair[]>();
    for (const { said, read, count, places: own } of this.#cells.values()) {
      const cell = indexOf(said) * side + indexOf(read);
      counts[cell]! += count;
      places.set(cell, [...(places.get(cell) ?? []), ...own].slice(0, MAX_CELL_PLACES));
    }
    return {
      items,
      distinct: all.length,
      counts,
      places: flatPlaces(places),
      scores: Float32Array.from(items.flatMap((item) => this.#scores.map((scores) => scores.get(item) ?? 0))),
      isThere: Uint8Array.from(items.flatMap((item) => this.#said.map((said) => (said.has(item) ? 1 : 0)))),
      scoredBy,
    };
  }

  #count(pair: Pair): void {
    const key = JSON.stringify([pair.said, pair.read]);
    const cell = this.#cells.get(key) ?? { said: pair.said, read: pair.read, count: 0, places: [] };
    this.#cells.set(key, cell);
    cell.count++;
    if (cell.places.length < MAX_CELL_PLACES) cell.places.push(pair);
  }

  #items(): string[] {
    const all = new Set<string>();
    for (const { said, read } of this.#cells.values())
      for (const item of [said, read]) if (item !== null) all.add(item);
    return [...all];
  }

  /** Those that were said or read wrongly most often. */
  #mostConfused(all: readonly string[]): string[] {
    const wrong = new Map<string, number>();
    for (const { said, read, count } of this.#cells.values())
      if (said !== read)
        for (const item of [said, read]) if (item !== null) wrong.set(item, (wrong.get(item) ?? 0) + count);
    return [...all]
      .sort((a, b) => (wrong.get(b) ?? 0) - (wrong.get(a) ?? 0) || (a < b ? -1 : 1))
      .slice(0, MAX_CONFUSED);
  }
}

function inOrder(items: readonly string[], order: readonly string[]): string[] {
  const known = new Map(order.map((item, index) => [item, index]));
  const place = (item: string): number => known.get(item) ?? order.length;
  return [...items].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

function flatPlaces(places: ReadonlyMap<number, readonly Pair[]>): Int32Array {
  const flat = [...places].flatMap(([cell, own]) =>
    own.flatMap(({ clip, fromMs, toMs }) => [cell, clip, Math.round(fromMs), Math.round(toMs)]),
  );
  if (flat.length % PLACE_FIELDS !== 0) throw new RangeError('Expected whole places');
  return Int32Array.from(flat);
}
