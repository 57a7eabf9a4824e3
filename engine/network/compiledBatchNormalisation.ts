// Batch normalisation of a convolution in the graph of a network; the equations stand in front.ts.
import type { Graph, Value } from '../graph/graph';
import { VARIANCE_FLOOR } from '../cells/layerNorm';
import { parameterOf, type ParameterValues } from './compiledPass';
import type { ConvolutionShape } from './front';

/** What becomes of a convolution's sums a before the bias is added. */
export interface Normalised {
  readonly values: Value;
  /** From ∂L/∂values to ∂L/∂a; adds the gradients of what it has learned. */
  backward(gradient: Value, gradients: Map<string, Value>): Value;
}

export interface BatchStatistics {
  /** [N, T, 1, 1], 1 for the frames that count, else 0 */
  readonly mask: Value;
  /** What of the batch is to be measured goes in here, by the name of what is measured. */
  readonly measured: Map<string, Value>;
}

/** By what training measured: each filter is scaled and shifted. Only for passes without a way back. */
export function buildMeasuredNormalised(
  graph: Graph,
  a: Value,
  { prefix }: ConvolutionShape,
  parameters: ParameterValues,
): Normalised {
  const of = (name: string): Value => parameterOf(parameters, `${prefix}.${name}`);
  const scale = graph.multiply(of('gain'), inverseRoot(graph, of('variance')));
  return {
    values: graph.multiply(graph.subtract(a, of('mean')), scale),
    backward: () => {
      throw new Error('Expected a training pass');
    },
  };
}

/**
 * By the mean and variance of the batch; 0 at frames that do not count.
 * @param a [N, T, bands, K]
 */
export function buildBatchNormalised(
  graph: Graph,
  a: Value,
  { prefix, bands }: ConvolutionShape,
  parameters: ParameterValues,
  { mask, measured }: BatchStatistics,
): Normalised {
  const count = graph.multiply(graph.reduce('Sum', mask, [0, 1, 2, 3]), graph.float(bands));
  const meanOf = (values: Value): Value => graph.divide(graph.reduce('Sum', values, [0, 1, 2]), count);
  const mean = meanOf(graph.multiply(a, mask));
  const centred = graph.multiply(graph.subtract(a, mean), mask);
  const variance = meanOf(graph.multiply(centred, centred));
  const scale = inverseRoot(graph, variance);
  const standardised = graph.multiply(centred, scale);
  const gain = parameterOf(parameters, `${prefix}.gain`);
  // A batch of one value has no variance by n − 1.
  const others = graph.binary('Maximum', graph.subtract(count, graph.float(1)), graph.float(1));
  measured.set(`${prefix}.mean`, mean);
  measured.set(`${prefix}.variance`, graph.multiply(variance, graph.divide(count, others)));
  return {
    values: graph.multiply(standardised, gain),
    backward: (gradient, gradients) => {
      const own = graph.multiply(gradient, mask);
      gradients.set(`${prefix}.gain`, graph.reduce('Sum', graph.multiply(own, standardised), [0, 1, 2]));
      const back = graph.multiply(own, gain);
      const along = graph.multiply(standardised, meanOf(graph.multiply(back, standardised)));
      const free = graph.subtract(graph.subtract(back, meanOf(back)), along);
      return graph.multiply(graph.multiply(free, mask), scale);
    },
  };
}

/** 1/√(σ² + ε) */
const inverseRoot = (graph: Graph, variance: Value): Value =>
  graph.unary('Rsqrt', graph.add(variance, graph.float(VARIANCE_FLOOR)));
