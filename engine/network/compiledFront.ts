// The front's convolutions in the graph of a network, by TensorFlow's own kernels; their gradients are written out.
import type { NetworkSpec } from '../../app/contract/network';
import { unreachable } from '../../app/errors';
import { attribute, DataType } from '../graph/attributes';
import type { Graph, Value } from '../graph/graph';
import { VARIANCE_FLOOR } from '../cells/layerNorm';
import { parameterOf, type ParameterValues } from './compiledPass';
import {
  buildBatchNormalised,
  buildMeasuredNormalised,
  type BatchStatistics,
  type Normalised,
} from './compiledBatchNormalisation';
import { convolutionShapes, type ConvolutionShape } from './front';

const T = attribute.type(DataType.float);
const CONVOLUTION = {
  T,
  strides: attribute.ints([1, 1, 1, 1]),
  padding: attribute.string('SAME'),
  data_format: attribute.string('NHWC'),
} as const;

/** One convolution on its way: what the way back needs of it. All [N, T, bands, channels]. */
interface Passed {
  readonly shape: ConvolutionShape;
  /** Masked. */
  readonly input: Value;
  readonly normalised: Normalised;
  readonly rectified: Value;
  readonly pooled: Value;
}

export interface FrontPass {
  /** [T, N, frontOutputSize], 0 past a sequence's end */
  readonly output: Value;
  /** From ∂L/∂output to ∂L/∂x [T, N, D]; the parameters' gradients go into `gradients`. */
  backward(outputGradient: Value, gradients: Map<string, Value>): Value;
  /** In training what of the batch goes into what is measured, by its name; else empty. */
  readonly measured: ParameterValues;
}

/**
 * All convolutions over x [T, N, D].
 * @param frameMask [T, N], 1 where a frame belongs to its sequence, else 0
 * @param training weights of the rows [N], 0 for one that only fills the batch; null: recognition
 * @returns output [T, N, frontOutputSize], and the way back; null where the network has no front
 */
export function buildFront(
  graph: Graph,
  spec: NetworkSpec,
  x: Value,
  frameMask: Value,
  parameters: ParameterValues,
  training: { readonly rowWeights: Value } | null,
): FrontPass | null {
  const shapes = convolutionShapes(spec);
  const [first] = shapes;
  const last = shapes.at(-1);
  if (first === undefined || last === undefined) return null;
  const leading = graph.slice(graph.shapeOf(x), [0], [2]);
  const withAxes = (values: Value, ...axes: number[]): Value =>
    graph.reshape(values, graph.concat([leading, graph.ints(...axes)], 0));
  const mask = graph.expandDims(graph.expandDims(graph.transpose(frameMask, 1, 0), 2), 3);
  // [T, N, C, B] → [N, T, B, C]
  let values = graph.transpose(withAxes(x, first.channels, first.bands), 1, 0, 3, 2);
  const measured = new Map<string, Value>();
  const statistics = training === null ? null : { mask: countedMask(graph, mask, training.rowWeights), measured };
  const passed = shapes.map((shape): Passed => {
    const input = graph.multiply(values, mask);
    const filtered = graph.result('Conv2D', [input, weightsOf(parameters, shape)], CONVOLUTION, DataType.float);
    const normalised = normalise(graph, filtered, shape, parameters, statistics);
    const bias = parameterOf(parameters, `${shape.prefix}.bias`);
    const rectified = graph.unary('Relu', graph.biasAdd(normalised.values, bias));
    const pooled = graph.result('MaxPool', [rectified], pooling(shape), DataType.float);
    values = pooled;
    return { shape, input, normalised, rectified, pooled };
  });
  return {
    output: withAxes(graph.transpose(graph.multiply(values, mask), 1, 0, 2, 3), last.pooledBands * last.filters),
    backward: (outputGradient, gradients) => {
      const upper = graph.transpose(withAxes(outputGradient, last.pooledBands, last.filters), 1, 0, 2, 3);
      const lowest = passed.reduceRight(
        (gradient, pass) => graph.multiply(convolutionBack(graph, pass, gradient, parameters, gradients), mask),
        graph.multiply(upper, mask),
      );
      return withAxes(graph.transpose(lowest, 1, 0, 3, 2), spec.inputSize);
    },
    measured,
  };
}

/** From ∂L/∂pooled to ∂L/∂input; adds the gradients of weights and bias. */
function convolutionBack(
  graph: Graph,
  { shape, input, normalised, rectified, pooled }: Passed,
  pooledGradient: Value,
  parameters: ParameterValues,
  gradients: Map<string, Value>,
): Value {
  const float = DataType.float;
  const unpooled = graph.result('MaxPoolGrad', [rectified, pooled, pooledGradient], pooling(shape), float);
  const rectifiedBack = graph.result('ReluGrad', [unpooled, rectified], { T }, float);
  gradients.set(`${shape.prefix}.bias`, graph.reduce('Sum', rectifiedBack, [0, 1, 2]));
  const gradient = normalised.backward(rectifiedBack, gradients);
  const weights = weightsOf(parameters, shape);
  const [frames, bands] = shape.kernel;
  const sizes = graph.ints(frames, bands, shape.channels, shape.filters);
  gradients.set(
    `${shape.prefix}.weights`,
    graph.result('Conv2DBackpropFilter', [input, sizes, gradient], CONVOLUTION, float),
  );
  return graph.result('Conv2DBackpropInput', [graph.shapeOf(input), weights, gradient], CONVOLUTION, float);
}

/** @param statistics null: by what training measured */
function normalise(
  graph: Graph,
  a: Value,
  shape: ConvolutionShape,
  parameters: ParameterValues,
  statistics: BatchStatistics | null,
): Normalised {
  switch (shape.normalisation) {
    case 'none':
      return { values: a, backward: (gradient) => gradient };
    case 'layer': {
      const standardised = standardise(graph, a, shape);
      return {
        values: graph.multiply(standardised.values, parameterOf(parameters, `${shape.prefix}.gain`)),
        backward: (gradient, gradients) =>
          normalisationBack(graph, shape, standardised, gradient, parameters, gradients),
      };
    }
    case 'batch':
      return statistics === null
        ? buildMeasuredNormalised(graph, a, shape, parameters)
        : buildBatchNormalised(graph, a, shape, parameters, statistics);
    default:
      return unreachable(shape.normalisation);
  }
}

/** (a − μ)/σ [N, T, bands, K], and 1/σ [N·T, 1] */
interface Standardised {
  readonly values: Value;
  readonly scale: Value;
}
function standardise(graph: Graph, a: Value, { bands, filters }: ConvolutionShape): Standardised {
  const frames = graph.reshape(a, graph.ints(-1, bands * filters));
  const centred = graph.subtract(frames, graph.meanOfRows(frames));
  const variance = graph.meanOfRows(graph.multiply(centred, centred));
  const scale = graph.unary('Rsqrt', graph.add(variance, graph.float(VARIANCE_FLOOR)));
  return { values: graph.reshape(graph.multiply(centred, scale), graph.shapeOf(a)), scale };
}

/** From ∂L/∂(g·s + bias) to ∂L/∂a, s being what was standardised; adds the gain's gradient. */
function normalisationBack(
  graph: Graph,
  { prefix, bands, filters }: ConvolutionShape,
  { values, scale }: Standardised,
  gradient: Value,
  parameters: ParameterValues,
  gradients: Map<string, Value>,
): Value {
  gradients.set(`${prefix}.gain`, graph.reduce('Sum', graph.multiply(gradient, values), [0, 1, 2]));
  const asFrames = (value: Value): Value => graph.reshape(value, graph.ints(-1, bands * filters));
  const s = asFrames(values);
  const back = asFrames(graph.multiply(gradient, parameterOf(parameters, `${prefix}.gain`)));
  const along = graph.multiply(s, graph.meanOfRows(graph.multiply(back, s)));
  const centred = graph.subtract(graph.subtract(back, graph.meanOfRows(back)), along);
  return graph.reshape(graph.multiply(centred, scale), graph.shapeOf(gradient));
}

/** mask [N, T, 1, 1] without the rows that only fill the batch. */
function countedMask(graph: Graph, mask: Value, rowWeights: Value): Value {
  const isCounted = graph.cast(graph.less(graph.float(0), rowWeights), DataType.float);
  return graph.multiply(mask, graph.reshape(isCounted, graph.ints(-1, 1, 1, 1)));
}

const weightsOf = (parameters: ParameterValues, { prefix }: ConvolutionShape): Value =>
  parameterOf(parameters, `${prefix}.weights`);
const pooling = ({ pool }: ConvolutionShape) => ({
  T,
  ksize: attribute.ints([1, 1, pool, 1]),
  strides: attribute.ints([1, 1, pool, 1]),
  padding: attribute.string('VALID'),
  data_format: attribute.string('NHWC'),
});
