// Which frames of a padded batch belong to their sequences.
import { attribute, DataType } from '../graph/attributes';
import type { Graph, Value } from '../graph/graph';

/** 0, 1, … T − 1 as [T, 1]. @param leading [T, N], as a shape */
export function timesOf(graph: Graph, leading: Value): Value {
  const T = graph.squeeze(graph.slice(leading, [0], [1]), 0);
  const attr = { Tidx: attribute.type(DataType.int32) };
  return graph.expandDims(graph.result('Range', [graph.int(0), T, graph.int(1)], attr, DataType.int32), 1);
}

/** 1 where a frame belongs to its sequence, else 0: [T, N] */
export const frameMask = (graph: Graph, leading: Value, lengths: Value): Value =>
  graph.cast(graph.less(timesOf(graph, leading), lengths), DataType.float);
