// The cells' arithmetic as nodes of a graph that XLA compiles.
import type { Graph, Value } from '../graph/graph';
import type { CellMath, GateKind } from './cell';

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

export class GraphMath implements CellMath<Value> {
  constructor(private readonly graph: Graph) {}

  add(a: Value, b: Value): Value {
    return this.graph.add(a, b);
  }
  multiply(a: Value, b: Value): Value {
    return this.graph.multiply(a, b);
  }
  tanh(a: Value): Value {
    return this.graph.tanh(a);
  }
  oneMinusSquare(a: Value): Value {
    return this.graph.subtract(this.graph.float(1), this.graph.multiply(a, a));
  }
  timesOneMinus(a: Value): Value {
    return this.graph.multiply(a, this.graph.subtract(this.graph.float(1), a));
  }
  /** z comes scaled: see gateScale. */
  gates(z: Value, kinds: readonly GateKind[]): Value[] {
    const { graph } = this;
    const half = graph.float(0.5);
    return graph
      .split(graph.tanh(z), kinds.length, 1)
      .map((squashed, gate) =>
        kinds[gate] === 'sigmoid' ? graph.add(graph.multiply(squashed, half), half) : squashed,
      );
  }
  join(parts: readonly Value[]): Value {
    return this.graph.concat(parts, 1);
  }
}
