// Stacked frames in the graph of a network: see stack.ts for equations and letters.
import type { NetworkSpec } from '../../app/contract/network';
import { attribute, DataType } from '../graph/attributes';
import type { Graph, Value } from '../graph/graph';

export interface FrameStack {
  /** [⌈T / s⌉, N, k·D] */
  readonly output: Value;
  /** From ∂L/∂output to ∂L/∂x [T, N, D]. */
  backward(outputGradient: Value): Value;
}

/** @param x [T, N, D]; D = `size` */
export function buildFrameStack(
  graph: Graph,
  { stack }: Pick<NetworkSpec, 'stack'>,
  x: Value,
  size: number,
): FrameStack {
  if (stack === undefined) return { output: x, backward: (gradient) => gradient };
  const { frames, step } = stack;
  const T = graph.slice(graph.shapeOf(x), [0], [1]);
  const padded = graph.pad(x, graph.constant([3, 2], Int32Array.of(frames - 1, 0, 0, 0, 0, 0)));
  const places = Array.from({ length: frames }, (_, offset) => {
    const from = graph.ints(offset);
    return [from, graph.add(T, from), graph.ints(step)] as const;
  });
  const parts = places.map((place) => graph.result('StridedSlice', [padded, ...place], SLICE, DataType.float));
  return {
    output: graph.concat(parts, 2),
    backward: (gradient) => {
      const leading = graph.slice(graph.shapeOf(gradient), [0], [2]);
      const shape = graph.shapeOf(padded);
      const ofParts = places.map((place, offset) => {
        const part = graph.slice(gradient, [0, 0, offset * size], graph.concat([leading, graph.ints(size)], 0));
        return graph.result('StridedSliceGrad', [shape, ...place, part], SLICE, DataType.float);
      });
      const all = graph.addAll(ofParts);
      return graph.slice(all, [frames - 1, 0, 0], graph.shapeOf(x));
    },
  };
}

/** Begin, end and stride of the first axis; the others are whole. */
const SLICE = {
  T: attribute.type(DataType.float),
  Index: attribute.type(DataType.int32),
  begin_mask: attribute.int(0),
  end_mask: attribute.int(0),
  ellipsis_mask: attribute.int(0),
  new_axis_mask: attribute.int(0),
  shrink_axis_mask: attribute.int(0),
};
