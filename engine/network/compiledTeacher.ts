// A Jordan layer under teacher forcing, in the graph of a network: no step needs the one before, so all are rows of one.
import type { Direction } from '../../app/contract/network';
import { noPeriods, type Cell } from '../cells/cell';
import { GraphMath } from '../cells/graphMath';
import { attribute, DataType } from '../graph/attributes';
import { keysOf, record, type FunctionLibrary, type Types } from '../graph/functions';
import type { FunctionSignature, Graph, Value } from '../graph/graph';
import { partsOfCell, type CellParts } from './compiledCell';
import { frameMask, timesOf } from './compiledMask';
import {
  addGradient,
  at,
  parameterOf,
  project,
  withLastAxis,
  type ParameterValues,
  type PassContext,
  type Reading,
  type Sweep,
} from './compiledPass';

const { float, int32 } = DataType;

/** The class of every frame, as one-hot rows [T, N, C]. @param labelValues [T·N] */
export function oneHotLabels(graph: Graph, labelValues: Value, classes: number, leading: Value): Value {
  const attr = { T: attribute.type(float), TI: attribute.type(int32), axis: attribute.int(-1) };
  const rows = graph.result('OneHot', [labelValues, graph.int(classes), graph.float(1), graph.float(0)], attr, float);
  return withLastAxis(graph, rows, leading, classes);
}

/** @param labels [T, N, O] one-hot */
export function sweepTaught(
  context: PassContext,
  cell: Cell,
  parameters: ParameterValues,
  reading: Reading,
  labels: Value,
): Sweep {
  const { graph, library } = context;
  const { prefix, leading, lengths, direction, recurrentMask } = reading;
  const parts = partsOfCell(cell, false);
  const width = cell.outputs;
  const mask = graph.expandDims(frameMask(graph, leading, lengths), 2);
  const targets = graph.multiply(labels, mask);
  const isFirst = timeMask(graph, leading, direction === 'forward' ? graph.int(0) : lastFrame(graph, lengths));
  const isLast = timeMask(graph, leading, direction === 'forward' ? lastFrame(graph, lengths) : graph.int(0));
  const first = graph.multiply(isFirst, graph.expandDims(at(reading.initial, 0), 0));
  const thinned = (values: Value): Value =>
    recurrentMask === null ? values : graph.multiply(values, graph.expandDims(recurrentMask, 0));
  const told = thinned(graph.add(shifted(graph, targets, direction, leading, width), first));
  const step = defineTaughtStep(library, parts);
  const names = keysOf(taughtArguments(parts));
  const own = names.slice(OF_ROWS);
  const inputs = [
    project(context, reading, parameters, null),
    graph.reshape(told, graph.ints(-1, width)),
    ...own.map((name) => parameterOf(parameters, `${prefix}.${name}`)),
  ];
  const [rows] = graph.call(step, inputs) as [Value];
  return {
    output: graph.multiply(withLastAxis(graph, rows, leading, width), mask),
    final: [graph.reduce('Sum', graph.multiply(targets, isLast), [0])],
    backward: (outputGradient, columnOffset, gradients) => {
      const size = graph.concat([leading, graph.ints(width)], 0);
      const columns = graph.slice(outputGradient, [0, 0, columnOffset], size);
      const cotangent = graph.reshape(graph.multiply(columns, mask), graph.ints(-1, width));
      const [projection, toldGradient, ...ofOwn] = graph.symbolicGradient(step, inputs, [cotangent]) as [
        Value,
        Value,
        ...Value[],
      ];
      own.forEach((name, k) => addGradient(graph, gradients, `${prefix}.${name}`, ofOwn[k]!));
      const ofFirst = graph.multiply(thinned(withLastAxis(graph, toldGradient, leading, width)), isFirst);
      return { projection, initial: [graph.reduce('Sum', ofFirst, [0])] };
    },
  };
}

/** Arguments that have a row for every step; the others are parameters, by their names. */
const OF_ROWS = 2;
const taughtArguments = ({ products, vectors }: CellParts): Types<string> => ({
  projected: float,
  told: float,
  ...record([...products.map(({ weights }) => weights), ...vectors.map(({ name }) => name)], () => float),
});
function defineTaughtStep(library: FunctionLibrary, parts: CellParts): FunctionSignature {
  return library.define(`${parts.cell.key}_taught`, taughtArguments(parts), (graph, v) => {
    const { output } = parts.cell.step(new GraphMath(graph, 'plain'), {
      projected: v['projected']!,
      states: [v['told']!],
      due: noPeriods,
      product: (weights, a) => graph.matmul(a, v[weights]!),
      vector: (name) => v[name]!,
    });
    return [output];
  });
}

const lastFrame = (graph: Graph, lengths: Value): Value => graph.subtract(lengths, graph.int(1));
/** 1 at one time of each sequence, else 0: [T, N, 1]. @param time [N] or a scalar */
function timeMask(graph: Graph, leading: Value, time: Value): Value {
  const times = graph.result(
    'BroadcastTo',
    [timesOf(graph, leading), leading],
    { T: attribute.type(int32), Tidx: attribute.type(int32) },
    int32,
  );
  return graph.expandDims(graph.cast(graph.binary('Equal', times, time, DataType.bool), float), 2);
}
/** values [T, N, width] one step later in the order of reading, zeros first. */
function shifted(graph: Graph, values: Value, direction: Direction, leading: Value, width: number): Value {
  const isForward = direction === 'forward';
  const paddings = graph.reshape(graph.ints(...(isForward ? [1, 0] : [0, 1]), 0, 0, 0, 0), graph.ints(3, 2));
  const size = graph.concat([leading, graph.ints(width)], 0);
  return graph.slice(graph.pad(values, paddings), [isForward ? 0 : 1, 0, 0], size);
}
