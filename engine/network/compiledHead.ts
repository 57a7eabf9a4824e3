// The head: from the last layer's outputs, or what is pooled of them, to logits.
import type { Graph, Value } from '../graph/graph';
import { columnSums, parameterOf, withLastAxis, type ParameterValues } from './compiledPass';

export interface HeadPass {
  /** [T, N, C] */
  readonly logits: Value;
  /** From ∂L/∂logits [T, N, C] to ∂L/∂input [T, N, inputs]; the head's gradients go into `gradients`. */
  backward(logitsGradient: Value, gradients: Map<string, Value>): Value;
}
/** logits = x·W + b over x [T, N, inputs]. */
export function buildHead(
  graph: Graph,
  x: Value,
  inputs: number,
  classes: number,
  parameters: ParameterValues,
): HeadPass {
  const weights = parameterOf(parameters, 'head.weights');
  const leading = graph.slice(graph.shapeOf(x), [0], [2]);
  const rows = graph.reshape(x, graph.ints(-1, inputs));
  const logits = graph.biasAdd(graph.matmul(rows, weights), parameterOf(parameters, 'head.bias'));
  return {
    logits: withLastAxis(graph, logits, leading, classes),
    backward: (logitsGradient, gradients) => {
      const gradient = graph.reshape(logitsGradient, graph.ints(-1, classes));
      gradients.set('head.weights', graph.matmul(rows, gradient, { transposeA: true }));
      gradients.set('head.bias', columnSums(graph, gradient, classes));
      return withLastAxis(graph, graph.matmul(gradient, weights, { transposeB: true }), leading, inputs);
    },
  };
}
