// What lies below the layers in ONNX: an embedding of text, convolutions (see engine/network/front.ts), stacked frames.
import { unreachable } from '../../app/errors';
import type { NetworkSpec } from '../../app/contract/network';
import { VARIANCE_FLOOR } from '../cells/layerNorm';
import { EMBEDDING_WEIGHTS } from '../network/embedding';
import { convolutionShapes, type ConvolutionShape } from '../network/front';
import type { OnnxGraph, Value } from './graph';
import type { NetworkParameters } from './layers';
import { standardised } from './onnxMath';

/** Sums of the slots' vectors [T, E]. @param slots [T, K], −1 where there is none */
export function exportEmbedding(graph: OnnxGraph, slots: Value, parameters: NetworkParameters): Value {
  const { shape, values } = parameters.get(EMBEDDING_WEIGHTS);
  const [rows = 0, size = 0] = shape;
  // The last row, which −1 names, is the vector of no slot.
  const table = new Float32Array((rows + 1) * size);
  table.set(values);
  const vectors = graph.add('Gather', [graph.constant(EMBEDDING_WEIGHTS, [rows + 1, size], table), slots], { axis: 0 });
  return graph.add('ReduceSum', [vectors, graph.integers([1])], { keepdims: 0 });
}

/** x [T, D] → [T, bands · filters] */
export function exportFront(graph: OnnxGraph, spec: NetworkSpec, x: Value, parameters: NetworkParameters): Value {
  const shapes = convolutionShapes(spec);
  const [first, last] = [shapes[0], shapes[shapes.length - 1]];
  if (first === undefined || last === undefined) return x;
  const frames = graph.add('Reshape', [x, graph.integers([-1, first.channels, first.bands])]);
  const channels = graph.add('Transpose', [frames], { perm: [1, 0, 2] });
  // [1, C, T, B]
  const image = graph.add('Unsqueeze', [channels, graph.integers([0])]);
  const end = shapes.reduce((values, shape) => convolved(graph, values, shape, parameters), image);
  return flattened(graph, end, last.pooledBands * last.filters);
}

/** [1, K, T, B] → [T, B · K] */
const flattened = (graph: OnnxGraph, image: Value, size: number): Value =>
  graph.add('Reshape', [graph.add('Transpose', [image], { perm: [2, 3, 1, 0] }), graph.integers([-1, size])]);

/** [1, C, T, B] → [1, K, T, B′] */
function convolved(graph: OnnxGraph, x: Value, shape: ConvolutionShape, parameters: NetworkParameters): Value {
  const { prefix, kernel, channels, filters, bands, pool } = shape;
  const [frames, height] = kernel;
  const { weights, bias } = foldedWeights(shape, parameters);
  const [overFrames, overBands] = [(frames - 1) / 2, (height - 1) / 2];
  const sums = graph.add(
    'Conv',
    [
      x,
      graph.constant(`${prefix}.filters`, [filters, channels, frames, height], weights),
      graph.constant(`${prefix}.shift`, [filters], bias),
    ],
    { kernel_shape: [frames, height], pads: [overFrames, overBands, overFrames, overBands] },
  );
  const values = shape.normalisation === 'layer' ? normalised(graph, sums, shape, parameters) : sums;
  const rectified = graph.add('Relu', [values]);
  if (pool === 1) return rectified;
  return graph.add('MaxPool', [rectified], { kernel_shape: [1, pool], strides: [1, pool] });

  /** Each frame over all its bands and filters. */
  function normalised(
    within: OnnxGraph,
    a: Value,
    { normalisation }: ConvolutionShape,
    from: NetworkParameters,
  ): Value {
    if (normalisation !== 'layer') return a;
    const rows = standardised(within, flattened(within, a, bands * filters), bands * filters);
    const perBand = within.add('Reshape', [rows, within.integers([-1, bands, filters])]);
    const gained = within.add('Mul', [perBand, from.constant(`${prefix}.gain`)]);
    const shifted = within.add('Add', [gained, from.constant(`${prefix}.bias`)]);
    const image = within.add('Transpose', [shifted], { perm: [2, 0, 1] });
    return within.add('Unsqueeze', [image, within.integers([0])]);
  }
}

/** Weights as [K, C, frames, bands], with what batch normalisation has measured folded in. */
function foldedWeights(
  { prefix, kernel, channels, filters, normalisation }: ConvolutionShape,
  parameters: NetworkParameters,
): { readonly weights: Float32Array; readonly bias: Float32Array } {
  const of = (name: string): Float32Array => parameters.get(`${prefix}.${name}`).values;
  const stored = of('weights');
  const area = kernel[0] * kernel[1];
  const at = (filter: number, channel: number, place: number): number =>
    stored[(place * channels + channel) * filters + filter] ?? 0;
  const scaled = (scale: (filter: number) => number): Float32Array =>
    Float32Array.from({ length: stored.length }, (_, k) => {
      const [filter, rest] = [Math.floor(k / (channels * area)), k % (channels * area)];
      return scale(filter) * at(filter, Math.floor(rest / area), rest % area);
    });
  switch (normalisation) {
    case 'none':
      return { weights: scaled(() => 1), bias: of('bias') };
    case 'layer':
      return { weights: scaled(() => 1), bias: new Float32Array(filters) };
    case 'batch': {
      const [gain, mean, variance] = [of('gain'), of('mean'), of('variance')];
      const scales = gain.map((value, k) => value / Math.sqrt((variance[k] ?? 0) + VARIANCE_FLOOR));
      const bias = of('bias').map((value, k) => value - (mean[k] ?? 0) * (scales[k] ?? 0));
      return { weights: scaled((filter) => scales[filter] ?? 0), bias };
    }
    default:
      return unreachable(normalisation);
  }
}

/** x [T, D] → [⌈T / step⌉, frames · D], as engine/network/stack.ts. */
export function exportStack(graph: OnnxGraph, { stack }: NetworkSpec, x: Value): Value {
  if (stack === undefined) return x;
  const { frames, step } = stack;
  const before = frames - 1;
  const padded = graph.add('Pad', [x, graph.integers([before, 0, 0, 0])]);
  const parts = Array.from({ length: frames }, (_, offset) => {
    const end = offset === before ? Number.MAX_SAFE_INTEGER : offset - before;
    return graph.add('Slice', [padded, ...[[offset], [end], [0], [step]].map((each) => graph.integers(each))]);
  });
  return graph.add('Concat', parts, { axis: 1 });
}
