// Learned embeddings in the graph of a network: see embedding.ts for equations and letters.
import type { NetworkSpec } from '../../app/contract/network';
import { attribute, DataType } from '../graph/attributes';
import type { Graph, Value } from '../graph/graph';
import type { LayerPass } from './compiledLayer';
import { parameterOf, withLastAxis, type ParameterValues } from './compiledPass';
import { frameMask } from './compiledMask';
import { EMBEDDING_WEIGHTS } from './embedding';

const { float, int32, bool } = DataType;

/**
 * What the first layer reads: the sums of vectors [T, N, E], or the features themselves where there is no embedding.
 * @param features [T, N, K]: slots as numbers, below 0 where there is none; past a sequence's end anything.
 */
export function buildEmbedding(
  graph: Graph,
  { embedding, inputSize }: NetworkSpec,
  features: Value,
  lengths: Value,
  parameters: ParameterValues,
): LayerPass {
  if (embedding === undefined) return { output: features, backward: (gradient) => gradient };
  const E = embedding.size;
  const leading = graph.slice(graph.shapeOf(features), [0], [2]);
  const isInside = graph.cast(graph.expandDims(frameMask(graph, leading, lengths), 2), bool);
  const slots = graph.cast(graph.select(isInside, features, graph.float(-1)), int32);
  const isSlot = graph.cast(graph.less(graph.int(-1), slots), float);
  const gathered = graph.result(
    'GatherV2',
    [parameterOf(parameters, EMBEDDING_WEIGHTS), graph.binary('Maximum', slots, graph.int(0)), graph.int(0)],
    {
      Tparams: attribute.type(float),
      Tindices: attribute.type(int32),
      Taxis: attribute.type(int32),
      batch_dims: attribute.int(0),
    },
    float,
  );
  return {
    output: graph.reduce('Sum', graph.multiply(gathered, graph.expandDims(isSlot, 3)), [2]),
    backward: (gradient, gradients) => {
      // The same for every slot of a step; the kernel leaves out slots below 0.
      const spread = graph.multiply(graph.expandDims(gradient, 2), graph.expandDims(isSlot, 3));
      const attr = { T: attribute.type(float), Tindices: attribute.type(int32), Tnumsegments: attribute.type(int32) };
      const data = graph.reshape(spread, graph.ints(-1, E));
      const segments = graph.reshape(slots, graph.ints(-1));
      gradients.set(
        EMBEDDING_WEIGHTS,
        graph.result('UnsortedSegmentSum', [data, segments, graph.int(inputSize)], attr, float),
      );
      return withLastAxis(graph, gradient, leading, E);
    },
  };
}
