// A cell's arithmetic as ONNX operators: the equations of engine/cells become the body of a loop.
import { unreachable } from '../../app/errors';
import type { Activation, CellMath } from '../cells/cell';
import { VARIANCE_FLOOR } from '../cells/layerNorm';
import type { OnnxGraph, Value } from './graph';

/** On values [N, ·]. */
export function onnxMath(graph: OnnxGraph): CellMath<Value> {
  const split = (a: Value, sizes: readonly number[]): Value[] =>
    graph.addMany('Split', [a, graph.integers(sizes)], sizes.length, { axis: 1 });
  return {
    add: (a, b) => graph.add('Add', [a, b]),
    multiply: (a, b) => graph.add('Mul', [a, b]),
    scale: (a, factor) => graph.add('Mul', [a, graph.number(factor)]),
    oneMinus: (a) => graph.add('Sub', [graph.number(1), a]),
    squash: (kind, a) => graph.add(operatorOf(kind), [a]),
    standardise: (a, size) => {
      const blocks = graph.add('Reshape', [a, graph.integers([-1, size])]);
      return graph.add('Reshape', [standardised(graph, blocks, size), graph.add('Shape', [a])]);
    },
    softmax: (a) => graph.add('Softmax', [a], { axis: 1 }),
    gates: (z, kinds) =>
      graph
        .addMany('Split', [z], kinds.length, { axis: 1, num_outputs: kinds.length })
        .map((block, index) => graph.add(operatorOf(kinds[index] ?? 'sigmoid'), [block])),
    split,
    join: (parts) => graph.add('Concat', parts, { axis: 1 }),
  };
}

/** (a − μ)/σ of each row. */
export const standardised = (graph: OnnxGraph, rows: Value, size: number): Value =>
  graph.add('LayerNormalization', [rows, graph.ones(size)], { axis: -1, epsilon: { float: VARIANCE_FLOOR } });

function operatorOf(kind: Activation): string {
  switch (kind) {
    case 'sigmoid':
      return 'Sigmoid';
    case 'tanh':
      return 'Tanh';
    case 'relu':
      return 'Relu';
    default:
      return unreachable(kind);
  }
}
