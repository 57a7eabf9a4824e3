// One recurrent layer in the graph of a network: matrix products for all steps at once around the compiled recurrence.
//
// Two sweeps run at the same time, one on each of two cores: a bidirectional layer's two directions, or a forward layer's
// two halves of the batch.
import { directionsOf, type Direction, type LayerSpec } from '../../app/contract/network';
import { gateScale } from '../cells/graphMath';
import { LSTM_GATE_KINDS, LSTM_GATES } from '../cells/lstm';
import { record, type FunctionLibrary } from '../graph/functions';
import type { Graph, Value } from '../graph/graph';
import { defineBackward, defineInference, defineTraining, FORWARD_RESULTS } from './compiledRecurrence';

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
}
/** A layer's states before the first step by direction, in the cell's order, [N, size] each; a direction left out starts from zeros. */
export type InitialStates = ReadonlyMap<Direction, readonly Value[]>;
/** Values of parameters, or their gradients, by name. */
export type ParameterValues = ReadonlyMap<string, Value>;

export interface LayerPass {
  /** [T, N, outputSize], 0 past a sequence's end */
  readonly output: Value;
  /** From ∂L/∂output to ∂L/∂input [T, N, D]; the parameters' gradients go into `gradients`. Training passes only. */
  backward(outputGradient: Value, gradients: Map<string, Value>): Value;
}

/** One reading of some rows in one direction. */
interface Sweep {
  readonly direction: Direction;
  readonly part: number;
  readonly prefix: string;
  /** [T·N, D] */
  readonly rows: Value;
  readonly lengths: Value;
  /** [2]: T, N */
  readonly leading: Value;
  /** Outputs, [T, N, H] */
  readonly hidden: Value;
  /** The hidden state before each step, [T, N, H] */
  previous(): Value;
  readonly results: readonly Value[];
}

export function buildLayer(
  context: PassContext,
  layer: LayerSpec,
  index: number,
  x: Value,
  inputs: number,
  parameters: ParameterValues,
  initialStates: InitialStates = new Map(),
): LayerPass {
  const { graph, lengths } = context;
  if (layer.cell !== 'lstm' || layer.peepholes === true || layer.merge === 'sum' || layer.initialState === 'learned')
    throw new Error('Expected an LSTM without peepholes that starts from zero');
  const directions = directionsOf(layer);
  const parts = directions.length > 1 ? 1 : context.batchParts;
  const partLengths = graph.split(lengths, parts, 0);
  const sweeps = graph.split(x, parts, 1).map((values, part) =>
    directions.map((direction) =>
      sweep(context, layer.units, inputs, parameters, {
        direction,
        part,
        prefix: `layer${index}.${direction}`,
        values,
        lengths: at(partLengths, part),
        initial: initialState(graph, initialStates, direction, at(partLengths, part), layer.units, parts, part),
      }),
    ),
  );
  const joined = sweeps.map((sides) => sides.map(({ hidden }) => hidden)).map((sides) => graph.concat(sides, 2));
  return {
    output: graph.concat(joined, 1),
    backward: (outputGradient, gradients) => {
      const inputGradients = graph
        .split(outputGradient, parts, 1)
        .map((part, partIndex) =>
          sweepsBack(context, layer.units, inputs, parameters, at(sweeps, partIndex), part, gradients),
        );
      return graph.concat(inputGradients, 1);
    },
  };
}

/** The given state of one part of the batch, or zeros. */
function initialState(
  graph: Graph,
  states: InitialStates,
  direction: Direction,
  lengths: Value,
  units: number,
  parts: number,
  part: number,
) {
  const given = states.get(direction);
  if (given !== undefined) return record(['h', 'c'], (_, k) => at(graph.split(at(given, k), parts, 0), part));
  const zeros = graph.fill(graph.concat([graph.shapeOf(lengths), graph.ints(units)], 0), graph.float(0));
  return { h: zeros, c: zeros };
}

/** Runs one sweep forward. */
function sweep(
  context: PassContext,
  units: number,
  inputs: number,
  parameters: ParameterValues,
  given: Pick<Sweep, 'direction' | 'part' | 'prefix' | 'lengths'> & {
    readonly values: Value;
    readonly initial: Readonly<Record<'h' | 'c', Value>>;
  },
): Sweep {
  const { graph, library, steps, isTraining } = context;
  const { direction, prefix, values } = given;
  const leading = graph.slice(graph.shapeOf(values), [0], [2]);
  const rows = graph.reshape(values, graph.ints(-1, inputs));
  const scale = gateScale(graph, LSTM_GATE_KINDS, units);
  const scaled = (name: string): Value => graph.multiply(parameterOf(parameters, `${prefix}.${name}`), scale);
  const projection = withLastAxis(
    graph,
    graph.biasAdd(graph.matmul(rows, scaled('inputWeights')), scaled('bias')),
    leading,
    LSTM_GATES.length * units,
  );
  const definition = isTraining ? defineTraining(library, units) : defineInference(library, units);
  const order = readingOrder(context, direction);
  const results = graph.call(definition, [
    lengthened(context, projection),
    scaled('recurrentWeights'),
    given.lengths,
    given.initial.h,
    given.initial.c,
    order.firstTime,
    order.timeStep,
    steps,
  ]);
  const states = at(results, FORWARD_RESULTS.states);
  const window = (slot: number): Value =>
    graph.slice(states, [slot, 0, 0], graph.concat([leading, graph.ints(units)], 0));
  return { ...given, rows, leading, results, hidden: window(order.slot), previous: () => window(1 - order.slot) };
}

/** Runs the sweeps of one part of the batch back; adds their parameters' gradients and returns their sum for the input. */
function sweepsBack(
  context: PassContext,
  units: number,
  inputs: number,
  parameters: ParameterValues,
  sweeps: readonly Sweep[],
  outputGradient: Value,
  gradients: Map<string, Value>,
): Value {
  const { graph, library, steps } = context;
  const padded = lengthened(context, outputGradient);
  const columns = LSTM_GATES.length * units;
  const inputGradients = sweeps.map((sweep, index) => {
    const { direction, prefix, lengths, leading, results, rows } = sweep;
    const weights = (name: string): Value => parameterOf(parameters, `${prefix}.${name}`);
    const order = readingOrder(context, direction === 'forward' ? 'reverse' : 'forward');
    const [gateGradients] = graph.call(defineBackward(library, units), [
      padded,
      graph.int(index * units),
      at(results, FORWARD_RESULTS.gates),
      at(results, FORWARD_RESULTS.cell),
      at(results, FORWARD_RESULTS.forget),
      graph.transpose(weights('recurrentWeights'), 1, 0),
      lengths,
      order.firstTime,
      order.timeStep,
      steps,
    ]) as [Value];
    const dz = graph.reshape(
      graph.slice(gateGradients, [0, 0, 0], graph.concat([leading, graph.ints(columns)], 0)),
      graph.ints(-1, columns),
    );
    const previous = graph.reshape(sweep.previous(), graph.ints(-1, units));
    addGradient(graph, gradients, `${prefix}.inputWeights`, graph.matmul(rows, dz, { transposeA: true }));
    addGradient(graph, gradients, `${prefix}.recurrentWeights`, graph.matmul(previous, dz, { transposeA: true }));
    addGradient(graph, gradients, `${prefix}.bias`, columnSums(graph, dz, columns));
    return graph.matmul(dz, weights('inputWeights'), { transposeB: true });
  });
  const sum = inputGradients.reduce((total, gradient) => graph.add(total, gradient));
  return withLastAxis(graph, sum, at(sweeps, 0).leading, inputs);
}

/** Where a reading starts, how it goes on, and which slot of `states` holds the output of step 0. */
function readingOrder({ graph, steps }: PassContext, direction: Direction) {
  return direction === 'forward'
    ? { firstTime: graph.int(0), timeStep: graph.int(1), slot: 1 }
    : { firstTime: graph.subtract(steps, graph.int(1)), timeStep: graph.int(-1), slot: 0 };
}

/** [T, N, K] padded with zeros to [compiledLength, N, K]; TensorFlow makes no copy where nothing is missing. */
function lengthened({ graph, compiledLength }: PassContext, values: Value): Value {
  const T = graph.squeeze(graph.slice(graph.shapeOf(values), [0], [1]), 0);
  const zero = graph.int(0);
  const paddings = graph.pack([zero, graph.subtract(compiledLength, T), zero, zero, zero, zero]);
  return graph.pad(values, graph.reshape(paddings, graph.ints(3, 2)));
}

/** [T·N, width] → [T, N, width] */
export const withLastAxis = (graph: Graph, rows: Value, leading: Value, width: number): Value =>
  graph.reshape(rows, graph.concat([leading, graph.ints(width)], 0));

/** [rows, columns] → [columns]. As a matrix product it uses all cores. */
export function columnSums(graph: Graph, values: Value, columns: number): Value {
  const rows = graph.slice(graph.shapeOf(values), [0], [1]);
  const ones = graph.fill(graph.concat([graph.ints(1), rows], 0), graph.float(1));
  return graph.reshape(graph.matmul(ones, values), graph.ints(columns));
}

function addGradient(graph: Graph, gradients: Map<string, Value>, name: string, gradient: Value): void {
  const known = gradients.get(name);
  gradients.set(name, known === undefined ? gradient : graph.add(known, gradient));
}

export function parameterOf(parameters: ParameterValues, name: string): Value {
  const value = parameters.get(name);
  if (value === undefined) throw new Error(`Expected a parameter called ${name}`);
  return value;
}
function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new Error(`Expected at least ${index + 1} values, but got ${list.length}`);
  return value;
}
