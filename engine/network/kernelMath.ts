// What live layers say to the native library by kernels, called by name one after the other.
import type { Activation } from '../cells/cell';
import { nativeLibrary, type Handle, type KernelAttribute } from '../runtime/native';
import type { TensorScope } from '../runtime/tensors';
import { output } from './nativeLayer';

const KERNELS: Readonly<Record<Activation, string>> = { tanh: 'Tanh', sigmoid: 'Sigmoid', relu: 'Relu' };

/** Small tensors that kernels ask for again and again, made once. */
export class KernelConstants {
  readonly #known = new Map<number, Handle>();

  /** @param scope owns them. */
  constructor(private readonly scope: TensorScope) {}

  int(value: number): Handle {
    const known = this.#known.get(value) ?? this.scope.int(value);
    this.#known.set(value, known);
    return known;
  }
}

/** On tensors [n, ·]; every result belongs to the scope. */
export class KernelMath {
  constructor(
    private readonly scope: TensorScope,
    private readonly constants: KernelConstants,
  ) {}

  squash(kind: Activation, a: Handle): Handle {
    return this.#run(KERNELS[kind], a);
  }
  join(parts: readonly Handle[]): Handle {
    return this.#concat(parts, 1);
  }
  /** [n, from]·[from, to] */
  product(a: Handle, b: Handle): Handle {
    return this.#run('MatMul', a, b);
  }
  copy(a: Handle): Handle {
    return this.#run('Identity', a);
  }
  /** [n, ·] → n times [1, ·] */
  rows(a: Handle, n: number): Handle[] {
    return n === 1 ? [a] : this.scope.run('Split', [int('num_split', n)], [this.constants.int(0), a], n);
  }
  /** The opposite of rows. */
  stack(rows: readonly Handle[]): Handle {
    return rows.length === 1 ? output(rows, 0) : this.#concat(rows, 0);
  }

  #concat(parts: readonly Handle[], axis: number): Handle {
    const attributes = [int('N', parts.length), type('T', 'TF_FLOAT'), type('Tidx', 'TF_INT32')];
    return output(this.scope.run('ConcatV2', attributes, [...parts, this.constants.int(axis)], 1), 0);
  }
  #run(kernel: string, ...inputs: Handle[]): Handle {
    return output(this.scope.run(kernel, [], inputs, 1), 0);
  }
}

const int = (name: string, value: number): KernelAttribute => ({ name, type: nativeLibrary().TF_ATTR_INT, value });
const type = (name: string, element: 'TF_FLOAT' | 'TF_INT32'): KernelAttribute => ({
  name,
  type: nativeLibrary().TF_ATTR_TYPE,
  value: nativeLibrary()[element],
});
