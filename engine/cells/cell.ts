// What every cell is written in and made of. A cell's equations stand once, in its own file, in the arithmetic below; the
// compiled graph, the portable operations and the Float64 reading of the tests each bring their own V.
//
// Letters: N sequences side by side, D inputs of a layer, H units, Z columns of the input's projection.

export type GateKind = 'sigmoid' | 'tanh';
export type Activation = GateKind | 'relu';

/** Arithmetic on values V of shape [N, ·]; a vector [·] stands for the same row N times. */
export interface CellMath<V> {
  add(a: V, b: V): V;
  multiply(a: V, b: V): V;
  /** factor·a */
  scale(a: V, factor: number): V;
  /** 1 − a */
  oneMinus(a: V): V;
  squash(kind: Activation, a: V): V;
  /** (a − μ)/σ, μ and σ of each block of `size` columns in each row; see layerNorm.ts. */
  standardise(a: V, size: number): V;
  /** exp(a) over its sum along each row. */
  softmax(a: V): V;
  /**
   * Squashes the equal blocks of z [N, k·H], one kind per block, and hands them out one by one [N, H].
   * One call, so that a rung may squash all blocks at once.
   */
  gates(z: V, kinds: readonly GateKind[]): V[];
  /** [N, Σ sizes] → [N, size] each */
  split(a: V, sizes: readonly number[]): V[];
  /** The opposite of split. */
  join(parts: readonly V[]): V;
}

/** What a parameter is to the layer that runs the cell. */
export type ParameterRole =
  /** [D, Z] and [Z] of the projection x·W + b, which is computed for all steps at once. */
  | 'input'
  | 'bias'
  /** [from, to] of a matrix product inside the step. */
  | 'product'
  /** [·], multiplied or added element by element inside the step. */
  | 'vector';

export interface CellParameter {
  readonly name: string;
  readonly role: ParameterRole;
  readonly shape: readonly number[];
  /** In the shape of the parameter: 1 where there is a weight, 0 where there is none and the value stays 0; null: all. */
  readonly mask: Float32Array | null;
  /** First values. @param random uniform in [0, 1) */
  readonly initial: (random: () => number) => Float32Array;
}
/** A memory carried from step to step, [N, size]. */
export interface CellState {
  readonly name: 'hidden' | 'cell' | 'output' | 'context';
  readonly size: number;
}

/** What a step is given. */
export interface StepInputs<V> {
  /** [N, Z] the step's row of x·W + b */
  readonly projected: V;
  /** The states before the step, in their order. */
  readonly states: readonly V[];
  /** [N, H] for cells with periods: 1 where a unit is updated at this step, else 0. */
  readonly due: () => V;
  /** a·W [N, to] of a [N, from] and the parameter called `weights`, whose role is product. */
  readonly product: (weights: string, a: V) => V;
  /** A parameter whose role is vector. */
  readonly vector: (name: string) => V;
}
export interface StepResult<V> {
  /** The states after the step, in their order. */
  readonly states: readonly V[];
  /** [N, outputs] what the next layer sees */
  readonly output: V;
  /** What the cell offers for inspection, by the field's own names, [N, ·] each. */
  readonly activations: Readonly<Record<string, V>>;
}

/** The `due` of a cell without periods, which does not ask. */
export function noPeriods(): never {
  throw new Error('Expected a cell with periods');
}

/** One cell of a given size: everything that the ways to compute need to know of it. */
export interface Cell {
  /** Differs where the step differs; fit for a function's name. */
  readonly key: string;
  /** Values per step that one direction hands up. */
  readonly outputs: number;
  readonly states: readonly CellState[];
  /** Steps between two updates of each unit, counted from the sequence's own first step; null: every unit at every step. */
  readonly periods: readonly number[] | null;
  /** Products of what a gate lets through of the first state, by the weights' name; none if left out. */
  readonly gatedProducts?: readonly string[];
  /** Of one direction, in the order in which they are stored. */
  parameters(inputs: number): readonly CellParameter[];
  step<V>(m: CellMath<V>, given: StepInputs<V>): StepResult<V>;
  /** Weights used by one step of one direction, on average: each is one multiplication and one addition. */
  multiplyAdds(inputs: number): number;
}
