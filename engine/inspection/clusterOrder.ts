// Hierarchical clustering with average linkage, and the order of its leaves. Nearest-neighbour chains (Murtagh 1983, "A survey of
// recent advances in hierarchical clustering algorithms") need the square of the number of things, not its cube.
import { turnOfOthers } from './activations';

const MERGES_BETWEEN_TURNS = 64;

/**
 * An order in which neighbours are near each other: leaves of the tree, each merge turned so that its nearest ends meet.
 * @param distances [n, n], symmetric; overwritten
 */
export async function clusterOrder(distances: Float32Array, n: number): Promise<Int32Array> {
  const original = distances.slice();
  const leaves: number[][] = Array.from({ length: n }, (_, k) => [k]);
  const isAlive = new Uint8Array(n).fill(1);
  const chain: number[] = [];
  for (let merges = 0; merges < n - 1;) {
    if (chain.length === 0) chain.push(isAlive.indexOf(1));
    const top = chain.at(-1)!;
    const previous = chain.at(-2);
    const next = nearest(distances, n, isAlive, top, previous);
    if (next !== previous) {
      chain.push(next);
      continue;
    }
    chain.splice(-2);
    const [into, from] = [Math.min(top, next), Math.max(top, next)];
    mergeDistances(distances, n, isAlive, { into, from, sizes: [leaves[into]!.length, leaves[from]!.length] });
    leaves[into] = turned(leaves[into]!, leaves[from]!, original, n);
    isAlive[from] = 0;
    if (++merges % MERGES_BETWEEN_TURNS === 0) await turnOfOthers();
  }
  return Int32Array.from(leaves[isAlive.indexOf(1)] ?? []);
}

/** The nearest other cluster; of equals the one before in the chain, so that chains end. */
function nearest(
  distances: Float32Array,
  n: number,
  isAlive: Uint8Array,
  of: number,
  previous: number | undefined,
): number {
  let best = previous ?? -1;
  let least = previous === undefined ? Infinity : distances[of * n + previous]!;
  for (let k = 0; k < n; k++) {
    if (k === of || isAlive[k] === 0) continue;
    const distance = distances[of * n + k]!;
    if (distance < least || best < 0) [best, least] = [k, distance];
  }
  return best;
}

/** Average linkage: the distance to a merged cluster is the mean over its members. */
function mergeDistances(
  distances: Float32Array,
  n: number,
  isAlive: Uint8Array,
  merge: { readonly into: number; readonly from: number; readonly sizes: readonly [number, number] },
): void {
  const { into, from, sizes } = merge;
  const [a, b] = sizes;
  for (let k = 0; k < n; k++) {
    if (isAlive[k] === 0 || k === into || k === from) continue;
    const mean = (a * distances[into * n + k]! + b * distances[from * n + k]!) / (a + b);
    distances[into * n + k] = distances[k * n + into] = mean;
  }
}

/** Two runs of leaves in a row, each turned or not, so that the ends that meet are nearest. */
function turned(left: number[], right: number[], distances: Float32Array, n: number): number[] {
  const between = (a: number, b: number): number => distances[a * n + b]!;
  const [l0, l1, r0, r1] = [left[0]!, left.at(-1)!, right[0]!, right.at(-1)!];
  const choices: readonly [number, () => number[]][] = [
    [between(l1, r0), () => [...left, ...right]],
    [between(l1, r1), () => [...left, ...right.toReversed()]],
    [between(l0, r0), () => [...left.toReversed(), ...right]],
    [between(l0, r1), () => [...right, ...left]],
  ];
  return choices.reduce((best, choice) => (choice[0] < best[0] ? choice : best))[1]();
}
