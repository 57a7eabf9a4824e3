// What the parts of a network's graph share: the pass that they belong to, parameters by name, rows and columns.
import type { Direction, HeadSpec } from '../../app/contract/network';
import type { FunctionLibrary } from '../graph/functions';
import type { Graph, Value } from '../graph/graph';

/** What all layers of one pass share. */
export interface PassContext {
  readonly graph: Graph;
  readonly library: FunctionLibrary;
  /** [N] */
  readonly lengths: Value;
  /** Scalar, the longest length: the loops stop there, however long the padding. */
  readonly steps: Value;
  /** Scalar ≥ T that the loops are compiled for. Only their buffers get this size. */
  readonly compiledLength: Value;
  readonly isTraining: boolean;
  /** Equal parts of the batch that a forward layer works on at the same time; N must divide. */
  readonly batchParts: 1 | 2;
  /** A Clockwork's loop: one step at a time, or several; chosen by the layer's periods and size if left out. */
  readonly clockworkBody?: 'step' | 'unrolled';
  /** In training with a framewise head whose targets some layer is told: the head, and one-hot targets [T, N, C]. */
  readonly teacher?: { readonly head: HeadSpec; readonly labels: Value };
}
/** Values of parameters, or their gradients, by name. */
export type ParameterValues = ReadonlyMap<string, Value>;

/** One reading of some rows in one direction. */
export interface Reading {
  readonly direction: Direction;
  /** Of the names of its parameters: "layer0.forward" */
  readonly prefix: string;
  /** [T·N, D] */
  readonly rows: Value;
  readonly lengths: Value;
  /** [2]: T, N */
  readonly leading: Value;
  /** The states before the first step, [N, size] each. */
  readonly initial: readonly Value[];
  /** [N, size of the first state], what dropout leaves of it in the recurrent products; null: all. */
  readonly recurrentMask: Value | null;
}
export interface SweepGradients {
  /** ∂L/∂(x·W + b) [T·N, Z] */
  readonly projection: Value;
  /** ∂L/∂(first states), [N, size] each; null where the sweep does not tell. */
  readonly initial: readonly Value[] | null;
}
/** A reading that is done. */
export interface Sweep {
  /** [T, N, O], 0 past a sequence's end */
  readonly output: Value;
  /** The states after the last step, [N, size] each. Training passes only. */
  readonly final: readonly Value[];
  /**
   * The way back; gradients of the parameters inside the step go into `gradients`. Training passes only.
   * @param outputGradient [compiledLength, N, ≥ O]
   * @param columnOffset where this reading's columns begin in it.
   */
  backward(outputGradient: Value, columnOffset: number, gradients: Map<string, Value>): SweepGradients;
}

/** x·W + b for all steps, [T·N, Z]. @param scale null: none; else [Z], what columns are multiplied with. */
export function project(
  { graph }: PassContext,
  { rows, prefix }: Reading,
  parameters: ParameterValues,
  scale: Value | null,
): Value {
  const scaled = (value: Value): Value => (scale === null ? value : graph.multiply(value, scale));
  const projected = graph.matmul(rows, scaled(parameterOf(parameters, `${prefix}.inputWeights`)));
  const bias = parameters.get(`${prefix}.bias`);
  return bias === undefined ? projected : graph.biasAdd(projected, scaled(bias));
}

/** Where a reading starts and how it goes on. */
export function readingOrder({ graph, steps }: PassContext, direction: Direction) {
  return direction === 'forward'
    ? { firstTime: graph.int(0), timeStep: graph.int(1) }
    : { firstTime: graph.subtract(steps, graph.int(1)), timeStep: graph.int(-1) };
}
export const opposite = (direction: Direction): Direction => (direction === 'forward' ? 'reverse' : 'forward');

/** [T, N, K] padded with zeros to [compiledLength, N, K]; TensorFlow makes no copy where nothing is missing. */
export function lengthened({ graph, compiledLength }: PassContext, values: Value): Value {
  const T = graph.squeeze(graph.slice(graph.shapeOf(values), [0], [1]), 0);
  const zero = graph.int(0);
  const paddings = graph.pack([zero, graph.subtract(compiledLength, T), zero, zero, zero, zero]);
  return graph.pad(values, graph.reshape(paddings, graph.ints(3, 2)));
}
/** The first T steps of [compiledLength, N, width], as rows [T·N, width]. */
export const shortenedRows = (graph: Graph, values: Value, leading: Value, width: number): Value =>
  graph.reshape(shortened(graph, values, leading, width), graph.ints(-1, width));
/** The first T steps of [compiledLength, N, width]: [T, N, width] */
export const shortened = (graph: Graph, values: Value, leading: Value, width: number): Value =>
  graph.slice(values, [0, 0, 0], graph.concat([leading, graph.ints(width)], 0));

/** [T·N, width] → [T, N, width] */
export const withLastAxis = (graph: Graph, rows: Value, leading: Value, width: number): Value =>
  graph.reshape(rows, graph.concat([leading, graph.ints(width)], 0));

/** [rows, columns] → [columns]. As a matrix product it uses all cores. */
export function columnSums(graph: Graph, values: Value, columns: number): Value {
  const rows = graph.slice(graph.shapeOf(values), [0], [1]);
  const ones = graph.fill(graph.concat([graph.ints(1), rows], 0), graph.float(1));
  return graph.reshape(graph.matmul(ones, values), graph.ints(columns));
}

export function addGradient(graph: Graph, gradients: Map<string, Value>, name: string, gradient: Value): void {
  const known = gradients.get(name);
  gradients.set(name, known === undefined ? gradient : graph.add(known, gradient));
}
export function parameterOf(parameters: ParameterValues, name: string): Value {
  const value = parameters.get(name);
  if (value === undefined) throw new Error(`Expected a parameter called ${name}`);
  return value;
}
export function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new Error(`Expected at least ${index + 1} values, but got ${list.length}`);
  return value;
}
