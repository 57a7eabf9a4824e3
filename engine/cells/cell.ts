// What every recurrent cell is written in and made of. A cell's equations stand once, in its own file, in the arithmetic
// below; the compiled graph, the portable operations and the Float64 reading of the tests each bring their own V.

export type GateKind = 'sigmoid' | 'tanh';

/** Arithmetic on values V of shape [N, ·] (N sequences side by side). */
export interface CellMath<V> {
  add(a: V, b: V): V;
  multiply(a: V, b: V): V;
  tanh(a: V): V;
  /** 1 − a·a */
  oneMinusSquare(a: V): V;
  /** a·(1 − a) */
  timesOneMinus(a: V): V;
  /**
   * Squashes the equal blocks of z [N, k·H], one kind per block, and hands them out one by one [N, H].
   * One call, so that a rung may squash all blocks at once.
   */
  gates(z: V, kinds: readonly GateKind[]): V[];
  /** [N, H] each → [N, k·H] */
  join(parts: readonly V[]): V;
}
