// A GRU live, its reset before the recurrent product: TensorFlow's GRUBlockCell called by name, a call for each frame.
import type { Handle } from '../runtime/native';
import { TensorScope } from '../runtime/tensors';
import { KernelConstants, KernelMath } from './kernelMath';
import { pushFrames } from './nativeFrames';
import { KeptStates, output, type NativeLayer } from './nativeLayer';

/** Outputs of the kernel: r, u, c, h. */
const KERNEL_OUTPUTS = 4;
const HIDDEN_OUTPUT = 3;

export interface NativeGruOptions {
  /** H */
  readonly units: number;
  /** Values of a parameter by its name inside the layer. */
  readonly valuesOf: (name: string) => Float32Array;
  /** h before the first step, [H]. */
  readonly first: readonly Float32Array[];
}

export class NativeGru implements NativeLayer {
  /** Weights; lives as long as the layer. */
  readonly #scope = new TensorScope();
  readonly #constants = new KernelConstants(this.#scope);
  /** Of reset and update gate [D + H, 2H], of the candidate [D + H, H], and their biases. */
  readonly #weights: readonly Handle[];
  readonly #states: KeptStates;

  constructor({ units, valuesOf, first }: NativeGruOptions) {
    const [inputGates, inputCandidate] = splitColumns(valuesOf('inputWeights'), 3 * units, 2 * units);
    const [gateBias, candidateBias] = splitColumns(valuesOf('bias'), 3 * units, 2 * units);
    this.#weights = [
      this.#rows(inputGates, valuesOf('recurrentWeights'), 2 * units),
      this.#rows(inputCandidate, valuesOf('candidateWeights'), units),
      this.#scope.shared([2 * units], gateBias),
      this.#scope.shared([units], candidateBias),
    ];
    this.#states = new KeptStates(first);
  }

  push(scope: TensorScope, x: Handle, n: number): Handle {
    const math = new KernelMath(scope, this.#constants);
    return pushFrames(math, { scope, states: this.#states, x, n }, (row, state) =>
      output(scope.run('GRUBlockCell', [], [row, state, ...this.#weights], KERNEL_OUTPUTS), HIDDEN_OUTPUT),
    );
  }
  reset(): void {
    this.#states.reset();
  }
  dispose(): void {
    this.#states.dispose();
    this.#scope.dispose();
  }

  /** Input rows, then recurrent rows, of so many columns. */
  #rows(input: Float32Array, recurrent: Float32Array, columns: number): Handle {
    const values = new Float32Array(input.length + recurrent.length);
    values.set(input);
    values.set(recurrent, input.length);
    return this.#scope.shared([values.length / columns, columns], values);
  }
}

/** The first columns of rows of `width`, and the others. */
function splitColumns(values: Float32Array, width: number, first: number): [Float32Array, Float32Array] {
  const rows = values.length / width;
  const part = (begin: number, columns: number): Float32Array => {
    const picked = new Float32Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      const start = row * width + begin;
      picked.set(values.subarray(start, start + columns), row * columns);
    }
    return picked;
  };
  return [part(0, first), part(first, width - first)];
}
