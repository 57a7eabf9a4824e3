// One reading of a Clockwork by the body of several steps: what is done for all steps at once around the compiled loops.
import type { Cell } from '../cells/cell';
import { attribute, DataType } from '../graph/attributes';
import { keysOf, type Values } from '../graph/functions';
import type { Graph, Value } from '../graph/graph';
import { masked } from './compiledCellSweep';
import {
  backwardArguments,
  defineBackward,
  defineForward,
  dueWidths,
  forwardArguments,
  type ClockworkParts,
} from './compiledClockwork';
import { frameMask, timesOf } from './compiledMask';
import {
  addGradient,
  at,
  parameterOf,
  project,
  shortened,
  shortenedRows,
  withLastAxis,
  type ParameterValues,
  type PassContext,
  type Reading,
  type Sweep,
} from './compiledPass';

/** What is used all over a reading. */
interface Setting {
  readonly graph: Graph;
  readonly reading: Reading;
  /** H */
  readonly units: number;
  /** B·U, a scalar: the steps that the loops are compiled for. */
  readonly allSteps: Value;
  /** [T·N] where each row of the order of reading lies in time, and the other way round; null: in the same place. */
  readonly order: Value | null;
}

export function sweepClockwork(
  context: PassContext,
  cell: Cell,
  parts: ClockworkParts,
  parameters: ParameterValues,
  reading: Reading,
): Sweep {
  const { graph, library, compiledLength, steps } = context;
  const { prefix, leading, lengths, initial, recurrentMask, direction } = reading;
  const { units, clock } = parts;
  const U = graph.int(clock.steps);
  const bodiesOf = (count: Value): Value => graph.binary('FloorDiv', graph.add(count, graph.int(clock.steps - 1)), U);
  const order = direction === 'forward' ? null : turnedAround(graph, reading);
  const setting: Setting = { graph, reading, units, allSteps: graph.multiply(bodiesOf(compiledLength), U), order };
  const mask = graph.expandDims(frameMask(graph, leading, lengths), 2);
  const first = at(initial, 0);
  const weights = masked(context, cell, 'recurrentWeights', parameterOf(parameters, `${prefix}.recurrentWeights`));
  const ofWidths = (name: string, value: (columns: Value) => Value): Values<string> =>
    Object.fromEntries(
      dueWidths(parts).map((width) => [`${name}${width}`, value(graph.slice(weights, [0, 0], [units, width]))]),
    );
  const given = { ...(recurrentMask && { recurrentMask }), bodies: bodiesOf(steps) };
  const projection = inOrder(setting, project(context, reading, parameters, null));
  const forward = {
    ...given,
    ...ofWidths('weights', (columns) => columns),
    projection: lengthenedTo(setting, projection),
    hidden: first,
  };
  const [history] = graph.call(defineForward(library, parts), pick(forward, keysOf(forwardArguments(parts))));
  const states = graph.slice(history!, [1, 0, 0], graph.concat([leading, graph.ints(units)], 0));
  const heard = graph.multiply(states, mask);
  return {
    output: withLastAxis(graph, inOrder(setting, heard), leading, units),
    final: context.isTraining ? [finalState(setting, heard, first)] : [],
    backward: (outputGradient, columnOffset, gradients) => {
      const size = graph.concat([leading, graph.ints(units)], 0);
      const own = inOrder(setting, graph.slice(outputGradient, [0, 0, columnOffset], size));
      const masks = graph.multiply(withLastAxis(graph, own, leading, units), mask);
      const backward = {
        ...given,
        ...ofWidths('transposed', (columns) => graph.transpose(columns, 1, 0)),
        outputGradient: lengthenedTo(setting, masks),
        history: history!,
      };
      const back = graph.call(defineBackward(library, parts), pick(backward, keysOf(backwardArguments(parts))));
      const [sumGradient, stateGradient] = back as [Value, Value];
      const dz = shortenedRows(graph, sumGradient, leading, units);
      const before = shortened(graph, history!, leading, units);
      const factor = recurrentMask === null ? before : graph.multiply(before, recurrentMask);
      const gradient = graph.matmul(graph.reshape(factor, graph.ints(-1, units)), dz, { transposeA: true });
      addGradient(graph, gradients, `${prefix}.recurrentWeights`, masked(context, cell, 'recurrentWeights', gradient));
      return { projection: inOrder(setting, dz), initial: [stateGradient] };
    },
  };
}

const pick = (values: Values<string>, names: readonly string[]): Value[] => names.map((name) => values[name]!);

/** Place of every row, [T·N], when each sequence is turned around within its length. */
function turnedAround(graph: Graph, { leading, lengths }: Reading): Value {
  const times = timesOf(graph, leading);
  const last = graph.subtract(graph.expandDims(lengths, 0), graph.int(1));
  const isInside = graph.less(times, graph.expandDims(lengths, 0));
  const turned = graph.select(isInside, graph.subtract(last, times), times);
  const N = graph.squeeze(graph.slice(leading, [1], [1]), 0);
  const attr = { Tidx: attribute.type(DataType.int32) };
  const rows = graph.result('Range', [graph.int(0), N, graph.int(1)], attr, DataType.int32);
  return graph.reshape(graph.add(graph.multiply(turned, N), rows), graph.ints(-1));
}
/** Rows in time as rows in the order of reading, and the other way round. @returns [T·N, H] */
function inOrder({ graph, order, units }: Setting, values: Value): Value {
  const rows = graph.reshape(values, graph.ints(-1, units));
  if (order === null) return rows;
  const attr = {
    Tparams: attribute.type(DataType.float),
    Tindices: attribute.type(DataType.int32),
    Taxis: attribute.type(DataType.int32),
  };
  return graph.result('GatherV2', [rows, order, graph.int(0)], attr, DataType.float);
}
/** [T·N, H] or [T, N, H] → [B·U, N, H], zeros past T. */
function lengthenedTo({ graph, allSteps, units, reading: { leading } }: Setting, values: Value): Value {
  const T = graph.squeeze(graph.slice(leading, [0], [1]), 0);
  const zero = graph.int(0);
  const paddings = graph.pack([zero, graph.subtract(allSteps, T), zero, zero, zero, zero]);
  return graph.pad(withLastAxis(graph, values, leading, units), graph.reshape(paddings, graph.ints(3, 2)));
}
/** The state after each row's last step, [N, H]; the first one of a row without steps. */
function finalState({ graph, reading: { leading, lengths } }: Setting, heard: Value, first: Value): Value {
  const last = graph.subtract(lengths, graph.int(1));
  const isLast = graph.cast(graph.binary('Equal', timesOf(graph, leading), last, DataType.bool), DataType.float);
  const isEmpty = graph.cast(graph.binary('Equal', lengths, graph.int(0), DataType.bool), DataType.float);
  const state = graph.reduce('Sum', graph.multiply(heard, graph.expandDims(isLast, 2)), [0]);
  return graph.add(state, graph.multiply(first, graph.expandDims(isEmpty, 1)));
}
