// Elman's layer live: one product of the frame, the state and a 1 side by side, whose row of weights is the bias. A call of a kernel
// costs more than the arithmetic of a small layer, so few calls are what counts.
import type { Activation } from '../cells/cell';
import type { Handle } from '../runtime/native';
import { TensorScope } from '../runtime/tensors';
import { KernelConstants, KernelMath } from './kernelMath';
import { pushFrames } from './nativeFrames';
import { KeptStates, type NativeLayer } from './nativeLayer';

export interface JoinedStep {
  /** [D + H + 1, H], row by row: weights of the frame, of the state, and the bias. */
  readonly weights: Float32Array;
  /** H */
  readonly units: number;
  readonly activation: Activation;
}

export class NativeJoined implements NativeLayer {
  /** Weights; lives as long as the layer. */
  readonly #scope = new TensorScope();
  readonly #constants = new KernelConstants(this.#scope);
  readonly #weights: Handle;
  readonly #one: Handle;
  readonly #states: KeptStates;

  /** @param first the state before the first step, [H]. */
  constructor(
    private readonly step: JoinedStep,
    first: readonly Float32Array[],
  ) {
    const { weights, units } = step;
    this.#weights = this.#scope.shared([weights.length / units, units], weights);
    this.#one = this.#scope.shared([1, 1], Float32Array.of(1));
    this.#states = new KeptStates(first);
  }

  push(scope: TensorScope, x: Handle, n: number): Handle {
    const math = new KernelMath(scope, this.#constants);
    return pushFrames(math, { scope, states: this.#states, x, n }, (row, state) => {
      const joined = math.join([row, state, this.#one]);
      return math.squash(this.step.activation, math.product(joined, this.#weights));
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
export const MAX_WEIGHTS = 2 ** 18;
/** Whether the product is still the fast one. */
export const isFastJoined = (inputs: number, units: number): boolean => (inputs + units + 1) * units < MAX_WEIGHTS;

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
  return { weights, units, activation };
}
