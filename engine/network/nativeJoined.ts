// Cells live whose products all have the same factor: the frame, the state and a 1 side by side, whose row of weights is the
// bias. A call of a kernel costs more than the arithmetic of a small layer, so few calls are what counts.
import type { Activation } from '../cells/cell';
import type { Handle } from '../runtime/native';
import { TensorScope } from '../runtime/tensors';
import { KernelConstants, KernelMath } from './kernelMath';
import { pushFrames } from './nativeFrames';
import { KeptStates, type NativeLayer } from './nativeLayer';

export interface JoinedStep {
  /** [D + H + 1, Z] each, row by row: weights of the frame, of the state, and biases. */
  readonly weights: readonly Float32Array[];
  /** Z */
  readonly columns: number;
  /** From the products [1, Z] and the state [1, H] to the next state, which is handed up too. */
  readonly next: (math: KernelMath, products: readonly Handle[], state: Handle) => Handle;
}

export class NativeJoined implements NativeLayer {
  /** Weights; lives as long as the layer. */
  readonly #scope = new TensorScope();
  readonly #constants = new KernelConstants(this.#scope);
  readonly #weights: readonly Handle[];
  readonly #one: Handle;
  readonly #states: KeptStates;

  /** @param first the state before the first step, [H]. */
  constructor(
    private readonly step: JoinedStep,
    first: readonly Float32Array[],
  ) {
    const { weights, columns } = step;
    this.#weights = weights.map((values) => this.#scope.shared([values.length / columns, columns], values));
    this.#one = this.#scope.shared([1, 1], Float32Array.of(1));
    this.#states = new KeptStates(first);
  }

  push(scope: TensorScope, x: Handle, n: number): Handle {
    const math = new KernelMath(scope, this.#constants);
    return pushFrames(math, { scope, states: this.#states, x, n }, (row, state) => {
      const joined = math.join([row, state, this.#one]);
      const products = this.#weights.map((weights) => math.product(joined, weights));
      return this.step.next(math, products, state);
    });
  }
  reset(): void {
    this.#states.reset();
  }
  dispose(): void {
    this.#states.dispose();
    this.#scope.dispose();
  }
}

/** TensorFlow's product of one row falls behind from so many weights on. */
const MAX_WEIGHTS = 2 ** 18;
/** Whether a product of so many columns is still the fast one. */
export const isFastJoined = (inputs: number, units: number, columns: number): boolean =>
  (inputs + units + 1) * columns < MAX_WEIGHTS;

type ValuesOf = (name: string) => Float32Array;

/** h′ = f(x·Wx + h·Wh + b), see engine/cells/elman.ts. */
export function joinedElman(units: number, activation: Activation, valuesOf: ValuesOf): JoinedStep {
  const blocks = ['inputWeights', 'recurrentWeights', 'bias'].map(valuesOf);
  const weights = new Float32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let begin = 0;
  for (const block of blocks) {
    weights.set(block, begin);
    begin += block.length;
  }
  return { weights: [weights], columns: units, next: (math, [product]) => math.squash(activation, product!) };
}

/**
 * A GRU that resets after the recurrent product, see engine/cells/gru.ts. The first product is that of both gates; the second
 * the candidate's part of the frame, then its part of the state: where one of the two has no part in a column its weights are
 * 0. They are two so that each stays below MAX_WEIGHTS longer.
 */
export function joinedGru(units: number, inputs: number, valuesOf: ValuesOf): JoinedStep {
  const columns = 2 * units;
  const bias = inputs + units;
  const all = { gates: new Float32Array((bias + 1) * columns), candidate: new Float32Array((bias + 1) * columns) };
  /** Puts columns of a parameter with so many blocks of columns from a row and a column on. */
  const put = (
    to: Float32Array,
    name: string,
    blocks: number,
    block: number,
    count: number,
    row: number,
    column = 0,
  ) => {
    const values = valuesOf(name);
    const width = blocks * units;
    for (let k = 0; k < values.length / width; k++) {
      const begin = k * width + block * units;
      to.set(values.subarray(begin, begin + count * units), (row + k) * columns + column * units);
    }
  };
  put(all.gates, 'inputWeights', 3, 0, 2, 0);
  put(all.gates, 'recurrentWeights', 3, 0, 2, inputs);
  put(all.gates, 'bias', 3, 0, 2, bias);
  put(all.candidate, 'inputWeights', 3, 2, 1, 0);
  put(all.candidate, 'bias', 3, 2, 1, bias);
  put(all.candidate, 'recurrentWeights', 3, 2, 1, inputs, 1);
  put(all.candidate, 'candidateBias', 1, 0, 1, bias, 1);
  return {
    weights: [all.gates, all.candidate],
    columns,
    next: (math, [gates, parts], h) => {
      const [r, z] = math.gates(gates!, ['sigmoid', 'sigmoid']) as [Handle, Handle];
      const [ofFrame, ofState] = math.split(parts!, [units, units]) as [Handle, Handle];
      const candidate = math.squash('tanh', math.add(ofFrame, math.multiply(r, ofState)));
      // z∘h + (1 − z)∘n with one call less.
      return math.add(candidate, math.multiply(z, math.subtract(h, candidate)));
    },
  };
}
