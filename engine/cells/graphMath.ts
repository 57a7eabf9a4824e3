// The cells' arithmetic as nodes of a graph that XLA compiles.
import { unreachable } from '../../app/errors';
import type { Graph, Value } from '../graph/graph';
import type { Activation, CellMath, GateKind } from './cell';
import { VARIANCE_FLOOR } from './layerNorm';

/**
 * A sigmoid is a tanh: σ(x) = (1 + tanh(x/2))/2. With the 1/2 folded into the weights beforehand (gateScale) all gates are
 * squashed by one tanh over [N, k·H], which XLA turns into vector instructions.
 */
const scaleOf = (kind: GateKind): number => (kind === 'sigmoid' ? 0.5 : 1);

/** What the columns of a cell's weights and biases are multiplied with before `gates` of GraphMath, [k·H]. */
export function gateScale(graph: Graph, kinds: readonly GateKind[], units: number): Value {
  const scales = kinds.flatMap((kind) => Array<number>(units).fill(scaleOf(kind)));
  return graph.constant([scales.length], Float32Array.from(scales));
}

/** Whether the blocks that `gates` gets come scaled by gateScale, or as they are. */
export type Preactivations = 'scaled' | 'plain';

export class GraphMath implements CellMath<Value> {
  constructor(
    private readonly graph: Graph,
    private readonly preactivations: Preactivations,
  ) {}

  add(a: Value, b: Value): Value {
    return this.graph.add(a, b);
  }
  multiply(a: Value, b: Value): Value {
    return this.graph.multiply(a, b);
  }
  scale(a: Value, factor: number): Value {
    return this.graph.multiply(a, this.graph.float(factor));
  }
  oneMinus(a: Value): Value {
    return this.graph.subtract(this.graph.float(1), a);
  }
  squash(kind: Activation, a: Value): Value {
    switch (kind) {
      case 'tanh':
        return this.graph.tanh(a);
      case 'sigmoid':
        return this.#openShare(this.graph.tanh(this.scale(a, scaleOf('sigmoid'))));
      case 'relu':
        return this.graph.unary('Relu', a);
      default:
        return unreachable(kind);
    }
  }
  standardise(a: Value, size: number): Value {
    const { graph } = this;
    const blocks = graph.reshape(a, graph.ints(-1, size));
    const centred = graph.subtract(blocks, graph.meanOfRows(blocks));
    const variance = graph.meanOfRows(graph.multiply(centred, centred));
    const scale = graph.unary('Rsqrt', graph.add(variance, graph.float(VARIANCE_FLOOR)));
    return graph.reshape(graph.multiply(centred, scale), graph.shapeOf(a));
  }
  softmax(a: Value): Value {
    const { graph } = this;
    // TensorFlow's optimiser complains on stderr about a softmax whose rank it cannot tell.
    const matrix = graph.reshape(a, graph.slice(graph.shapeOf(a), [0], [2]));
    return graph.unary('Softmax', matrix);
  }
  gates(z: Value, kinds: readonly GateKind[]): Value[] {
    const { graph } = this;
    if (this.preactivations === 'plain') return this.#plainGates(z, kinds);
    return graph
      .split(graph.tanh(z), kinds.length, 1)
      .map((squashed, gate) => (kinds[gate] === 'sigmoid' ? this.#openShare(squashed) : squashed));
  }
  split(a: Value, sizes: readonly number[]): Value[] {
    if (sizes.every((size) => size === sizes[0])) return this.graph.split(a, sizes.length, 1);
    // The rows are counted: TensorFlow's gradient of a slice takes a size of −1 at its word.
    const rows = this.graph.slice(this.graph.shapeOf(a), [0], [1]);
    let begin = 0;
    return sizes.map((size) => {
      const part = this.graph.slice(a, [0, begin], this.graph.concat([rows, this.graph.ints(size)], 0));
      begin += size;
      return part;
    });
  }
  join(parts: readonly Value[]): Value {
    return this.graph.concat(parts, 1);
  }

  /** tanh(x/2) → σ(x) */
  #openShare(tanhOfHalf: Value): Value {
    const half = this.graph.float(0.5);
    return this.graph.add(this.graph.multiply(tanhOfHalf, half), half);
  }
  /** Blocks of one kind are squashed together. */
  #plainGates(z: Value, kinds: readonly GateKind[]): Value[] {
    const [kind] = kinds;
    const isUniform = kind !== undefined && kinds.every((other) => other === kind);
    if (isUniform) return this.graph.split(this.squash(kind, z), kinds.length, 1);
    return this.graph.split(z, kinds.length, 1).map((block, gate) => this.squash(kinds[gate]!, block));
  }
}
