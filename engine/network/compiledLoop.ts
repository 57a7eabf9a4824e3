// Pieces that every compiled recurrence is built of.
//
// Letters: T compiled length, N sequences. T and N are the shapes of a function's arguments, and the direction of reading is a
// pair of run-time numbers (firstTime, timeStep). So all layers of one cell and both directions share one program for each
// (T, N). The trip count is a run-time number too: a program may be compiled longer than its sequences.
//
// Step `time` belongs to sequence n where time < lengths[n]. Elsewhere the state stands still, the output is 0 and no
// gradient passes but the state's own. A reverse reading starts at the last step, so every sequence starts at its own end.
import { DataType } from '../graph/attributes';
import type { Graph, Value } from '../graph/graph';

const { float, int32 } = DataType;

export const CLOCK = { step: int32, steps: int32, time: int32, timeStep: int32 } as const;
type Clock = Readonly<Record<keyof typeof CLOCK, Value>>;
export const isRunning = (graph: Graph, { step, steps }: Clock): Value => graph.less(step, steps);
export const tick = (graph: Graph, { step, time, timeStep }: Clock): Pick<Clock, 'step' | 'time'> => ({
  step: graph.add(step, graph.int(1)),
  time: graph.add(time, timeStep),
});

/** Sizes as one shape vector; a number or a one-element vector each. */
export const shape = (graph: Graph, ...sizes: (number | Value)[]): Value =>
  graph.concat(
    sizes.map((size) => (typeof size === 'number' ? graph.ints(size) : size)),
    0,
  );
export const zeros = (graph: Graph, ...sizes: (number | Value)[]): Value =>
  graph.fill(shape(graph, ...sizes), graph.float(0));
/** Size of one axis, as a vector of one element. */
export const sizeOf = (graph: Graph, value: Value, axis: number): Value =>
  graph.slice(graph.shapeOf(value), [axis], [1]);

/** values [T, N, K] at one time: [N, K] */
export function atTime(graph: Graph, values: Value, time: Value): Value {
  const size = shape(graph, 1, graph.slice(graph.shapeOf(values), [1], [2]));
  return graph.squeeze(graph.dynamicSlice(values, [time, 0, 0], size), 0);
}
export const setAtTime = (graph: Graph, values: Value, time: Value, value: Value): Value =>
  graph.dynamicUpdate(values, graph.expandDims(value, 0), [time, 0, 0]);
/** Columns [columnOffset, columnOffset + width) of values [T, N, ≥ width] at one time: [N, width] */
export function columnsAtTime(graph: Graph, values: Value, time: Value, columnOffset: Value, width: number): Value {
  const size = shape(graph, 1, sizeOf(graph, values, 1), width);
  return graph.squeeze(graph.dynamicSlice(values, [time, 0, columnOffset], size), 0);
}
/** 1 where the step belongs to the sequence, else 0: [N, 1] */
export const stepMask = (graph: Graph, time: Value, lengths: Value): Value =>
  graph.expandDims(graph.cast(graph.less(time, lengths), float), 1);
/** One element [1, 1]. */
export const element = (graph: Graph, value: Value): Value => graph.slice(value, [0, 0], [1, 1]);
