// Who owns native tensors: a scope. Everything made in it is deleted at its end, whatever happens.
import { nativeLibrary, type Handle, type KernelAttribute, type TensorData } from './native';

export class TensorScope {
  readonly #handles = new Set<Handle>();

  /**
   * A tensor that may share the array's memory: neither may the array change while the tensor lives, nor may the tensor
   * become a variable. Updates in place would write into the array; and the last to let go of shared memory tells Node.js so,
   * which it stands only from this thread, while variables are let go of by threads of TensorFlow.
   */
  shared(shape: readonly number[], values: TensorData): Handle {
    const native = nativeLibrary();
    const type = values instanceof Float32Array ? native.TF_FLOAT : native.TF_INT32;
    return this.own(native.createTensor(shape, type, values));
  }
  /** A tensor in memory of TensorFlow's own. */
  copied(shape: readonly number[], values: TensorData): Handle {
    return withHandles((scope) => {
      const [copy] = scope.run('DeepCopy', [], [scope.shared(shape, values)], 1) as [Handle];
      return this.own(scope.release(copy));
    });
  }
  float(value: number): Handle {
    return this.shared([], Float32Array.of(value));
  }
  int(value: number): Handle {
    return this.shared([], Int32Array.of(value));
  }
  int64(value: number): Handle {
    const native = nativeLibrary();
    return this.own(native.createTensor([], native.TF_INT64, Int32Array.of(value, 0)));
  }

  own(handle: Handle): Handle {
    this.#handles.add(handle);
    return handle;
  }
  ownAll(handles: readonly Handle[]): Handle[] {
    return handles.map((handle) => this.own(handle));
  }
  /** Takes a tensor out of the scope: it is the caller's from here on. */
  release(handle: Handle): Handle {
    if (!this.#handles.delete(handle)) throw new Error(`Expected a tensor of this scope, but got handle ${handle}`);
    return handle;
  }

  /** Runs one kernel by its TensorFlow name; every output belongs to the scope. */
  run(name: string, attributes: readonly KernelAttribute[], inputs: readonly Handle[], outputs: number): Handle[] {
    return this.ownAll(
      nativeLibrary()
        .executeOp(name, attributes, inputs, outputs)
        .map(({ id }) => id),
    );
  }

  dispose(): void {
    for (const handle of this.#handles) nativeLibrary().deleteTensor(handle);
    this.#handles.clear();
  }
}

/** Calls `use` with a new scope and deletes at the end what the scope still owns. */
export function withHandles<R>(use: (scope: TensorScope) => R): R {
  const scope = new TensorScope();
  try {
    return use(scope);
  } finally {
    scope.dispose();
  }
}

/** The values of a float tensor, as an array of its own. */
export function readFloats(handle: Handle): Float32Array {
  const values = nativeLibrary().tensorDataSync(handle);
  if (!(values instanceof Float32Array)) throw new Error('Expected a float tensor, but got another type');
  return values;
}
export function readScalar(handle: Handle): number {
  const [value] = readFloats(handle);
  if (value === undefined) throw new Error('Expected a scalar, but the tensor is empty');
  return value;
}

/** Native tensors alive in this process: constant over repeated work, or something leaks. */
export const liveHandles = (): number => nativeLibrary().getNumOfTensors();
