// What a layer is to a live stream on the native library.
import type { Handle } from '../runtime/native';
import { TensorScope } from '../runtime/tensors';
import type { ParameterSet, ParameterValue } from './parameters';

/** One layer hearing one sequence; keeps its states from push to push. */
export interface NativeLayer {
  /** x [n, D] → outputs [n, O], n ≥ 1, the scope's. */
  push(scope: TensorScope, x: Handle, n: number): Handle;
  /** Back to the first state. */
  reset(): void;
  dispose(): void;
}

/** States of one sequence, [1, size] each, replaced as it goes on. */
export class KeptStates {
  readonly #scope = new TensorScope();
  #handles: readonly Handle[];

  /** @param first values before the first step, [size] each. */
  constructor(private readonly first: readonly Float32Array[]) {
    this.#handles = this.#begin();
  }
  get handles(): readonly Handle[] {
    return this.#handles;
  }
  /** Takes the new states out of a scope and deletes the old ones. */
  replace(from: TensorScope, states: readonly Handle[]): void {
    const kept = states.map((handle) => from.release(handle));
    this.#scope.dispose();
    this.#handles = this.#scope.ownAll(kept);
  }
  reset(): void {
    this.#scope.dispose();
    this.#handles = this.#begin();
  }
  dispose(): void {
    this.#scope.dispose();
  }
  #begin(): Handle[] {
    return this.first.map((values) => this.#scope.copied([1, values.length], values));
  }
}

export function valueOf(parameters: ParameterSet, name: string): ParameterValue {
  const value = parameters.get(name);
  if (value === undefined) throw new Error(`Expected a parameter called ${name}`);
  return value;
}
export function output(handles: readonly Handle[], index: number): Handle {
  const handle = handles[index];
  if (handle === undefined) throw new Error(`Expected at least ${index + 1} outputs, but got ${handles.length}`);
  return handle;
}
