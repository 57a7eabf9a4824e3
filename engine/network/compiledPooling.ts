// One vector for a sequence out of the last layer's outputs: what heads that answer once stand on.
//
// Letters: T steps, N sequences, G groups of columns (the readings that a bidirectional layer puts side by side), H columns of
// each, I = G·H.
import type { HeadSpec } from '../../app/contract/network';
import { unreachable } from '../../app/errors';
import { DataType } from '../graph/attributes';
import type { Graph, Value } from '../graph/graph';
import { frameMask, timesOf } from './compiledMask';
import { withLastAxis } from './compiledPass';

export interface PoolingPass {
  /** [1, N, I], or the layer's own [T, N, I] where the head answers at every frame. */
  readonly output: Value;
  /** From ∂L/∂output to ∂L/∂x [T, N, I]; 0 past a sequence's end. */
  backward(outputGradient: Value): Value;
}
export interface PooledLayer {
  /** [T, N, I] */
  readonly x: Value;
  /** I */
  readonly inputs: number;
  /** G */
  readonly groups: number;
  /** [N] */
  readonly lengths: Value;
}

export function buildPooling(graph: Graph, kind: HeadSpec['kind'], layer: PooledLayer): PoolingPass {
  switch (kind) {
    case 'ctc':
    case 'framewise':
      return { output: layer.x, backward: (gradient) => gradient };
    case 'lastStep':
      return weightedSum(graph, layer, lastSteps(graph, layer));
    case 'meanPool':
      return weightedSum(graph, layer, meanWeights(graph, layer));
    case 'maxPool':
      return maximum(graph, layer);
    default:
      return unreachable(kind);
  }
}

/** Two readings that were pooled side by side, [1, N, 2·H], added up: [1, N, H]. */
export function addedReadings(graph: Graph, pooled: PoolingPass): PoolingPass {
  const [first, second] = graph.split(pooled.output, 2, 2) as [Value, Value];
  return {
    output: graph.add(first, second),
    backward: (gradient) => pooled.backward(graph.concat([gradient, gradient], 2)),
  };
}

const leadingOf = (graph: Graph, x: Value): Value => graph.slice(graph.shapeOf(x), [0], [2]);

/** Σₜ weights · x. @param weights [T, N, G, 1] or [T, N, 1, 1] */
function weightedSum(graph: Graph, { x, inputs, groups }: PooledLayer, weights: Value): PoolingPass {
  const leading = leadingOf(graph, x);
  const columns = [groups, inputs / groups] as const;
  const grouped = graph.reshape(x, graph.concat([leading, graph.ints(...columns)], 0));
  const sum = graph.reduce('Sum', graph.multiply(grouped, weights), [0]);
  return {
    output: graph.reshape(sum, graph.ints(1, -1, inputs)),
    backward: (gradient) => {
      const spread = graph.multiply(graph.reshape(gradient, graph.ints(1, -1, ...columns)), weights);
      return withLastAxis(graph, spread, leading, inputs);
    },
  };
}

/** 1 at the step where a reading ends: the sequence's last one forward, its first one in reverse; [T, N, G, 1]. */
function lastSteps(graph: Graph, { x, groups, lengths }: PooledLayer): Value {
  const times = timesOf(graph, leadingOf(graph, x));
  const endsAt = (step: Value): Value => {
    const isEnd = graph.binary('Equal', times, step, DataType.bool);
    return graph.expandDims(graph.expandDims(graph.cast(isEnd, DataType.float), 2), 3);
  };
  const last = graph.subtract(lengths, graph.int(1));
  const ends = [endsAt(last), endsAt(graph.subtract(last, last))];
  return graph.concat(ends.slice(0, groups), 2);
}

/** 1 / length at a sequence's steps, [T, N, 1, 1]. */
function meanWeights(graph: Graph, { x, lengths }: PooledLayer): Value {
  const mask = frameMask(graph, leadingOf(graph, x), lengths);
  const weights = graph.divide(mask, graph.cast(lengths, DataType.float));
  return graph.expandDims(graph.expandDims(weights, 2), 3);
}

/** The largest value of every column; where several steps have it, they share the gradient. */
function maximum(graph: Graph, { x, inputs, lengths }: PooledLayer): PoolingPass {
  const leading = leadingOf(graph, x);
  const isInside = graph.cast(graph.expandDims(frameMask(graph, leading, lengths), 2), DataType.bool);
  const inside = graph.select(isInside, x, graph.float(-Infinity));
  const largest = graph.reduce('Max', inside, [0]);
  const isLargest = graph.cast(graph.binary('Equal', inside, largest, DataType.bool), DataType.float);
  return {
    output: graph.reshape(largest, graph.ints(1, -1, inputs)),
    backward: (gradient) => graph.multiply(graph.divide(isLargest, graph.reduce('Sum', isLargest, [0])), gradient),
  };
}
