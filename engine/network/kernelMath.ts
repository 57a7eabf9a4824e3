// A cell's arithmetic as kernels of the native library, called by name one after the other.
import { unreachable } from '../../app/errors';
import type { Activation, CellMath, GateKind } from '../cells/cell';
import { VARIANCE_FLOOR } from '../cells/layerNorm';
import { nativeLibrary, type Handle, type KernelAttribute } from '../runtime/native';
import type { TensorScope } from '../runtime/tensors';
import { output } from './nativeLayer';

const KERNELS: Readonly<Record<Activation, string>> = { tanh: 'Tanh', sigmoid: 'Sigmoid', relu: 'Relu' };

/** Small tensors that kernels ask for again and again, made once. */
export class KernelConstants {
  readonly #known = new Map<string, Handle>();

  /** @param scope owns them. */
  constructor(private readonly scope: TensorScope) {}

  float(value: number): Handle {
    return this.#once(`float ${value}`, () => this.scope.float(value));
  }
  int(value: number): Handle {
    return this.#once(`int ${value}`, () => this.scope.int(value));
  }
  ints(values: readonly number[]): Handle {
    return this.#once(`ints ${values.join()}`, () => this.scope.shared([values.length], Int32Array.from(values)));
  }
  #once(key: string, make: () => Handle): Handle {
    const known = this.#known.get(key) ?? make();
    this.#known.set(key, known);
    return known;
  }
}

/** On tensors [n, ·]; every result belongs to the scope. */
export class KernelMath implements CellMath<Handle> {
  constructor(
    private readonly scope: TensorScope,
    private readonly constants: KernelConstants,
  ) {}

  add(a: Handle, b: Handle): Handle {
    return this.#run('AddV2', a, b);
  }
  subtract(a: Handle, b: Handle): Handle {
    return this.#run('Sub', a, b);
  }
  multiply(a: Handle, b: Handle): Handle {
    return this.#run('Mul', a, b);
  }
  scale(a: Handle, factor: number): Handle {
    return this.#run('Mul', a, this.constants.float(factor));
  }
  oneMinus(a: Handle): Handle {
    return this.#run('Sub', this.constants.float(1), a);
  }
  squash(kind: Activation, a: Handle): Handle {
    switch (kind) {
      case 'tanh':
      case 'sigmoid':
      case 'relu':
        return this.#run(KERNELS[kind], a);
      default:
        return unreachable(kind);
    }
  }
  standardise(a: Handle, size: number): Handle {
    const blocks = this.#run('Reshape', a, this.constants.ints([-1, size]));
    const centred = this.#run('Sub', blocks, this.#meanOfRows(blocks));
    const variance = this.#meanOfRows(this.#run('Square', centred));
    const scale = this.#run('Rsqrt', this.add(variance, this.constants.float(VARIANCE_FLOOR)));
    return this.#run('Reshape', this.multiply(centred, scale), this.#run('Shape', a));
  }
  softmax(a: Handle): Handle {
    return this.#run('Softmax', a);
  }
  /** Blocks of one kind are squashed together. */
  gates(z: Handle, kinds: readonly GateKind[]): Handle[] {
    const [kind] = kinds;
    if (kind !== undefined && kinds.every((other) => other === kind))
      return this.#equalParts(this.squash(kind, z), kinds.length, 1);
    return this.#equalParts(z, kinds.length, 1).map((block, gate) => this.squash(kinds[gate]!, block));
  }
  split(a: Handle, sizes: readonly number[]): Handle[] {
    const lengths = this.constants.ints(sizes);
    const attributes = [int('num_split', sizes.length), type('T', 'TF_FLOAT'), type('Tlen', 'TF_INT32')];
    return this.scope.run('SplitV', attributes, [a, lengths, this.constants.int(1)], sizes.length);
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
    return n === 1 ? [a] : this.#equalParts(a, n, 0);
  }
  /** The opposite of rows. */
  stack(rows: readonly Handle[]): Handle {
    return rows.length === 1 ? output(rows, 0) : this.#concat(rows, 0);
  }
  /** The columns `indices` [k] of a [1, ·]: [1, k] */
  columnsAt(a: Handle, indices: Handle): Handle {
    return this.#run('GatherV2', a, indices, this.constants.int(1));
  }
  /** a [1, ·] with values [1, k] in the places `indices` [k, 2]. */
  withColumns(a: Handle, indices: Handle, values: Handle): Handle {
    const flat = this.#run('Reshape', values, this.constants.ints([-1]));
    return this.#run('TensorScatterUpdate', a, indices, flat);
  }

  #meanOfRows(a: Handle): Handle {
    const keepDims = { name: 'keep_dims', type: nativeLibrary().TF_ATTR_BOOL, value: true };
    return output(this.scope.run('Mean', [keepDims], [a, this.constants.ints([1])], 1), 0);
  }
  #equalParts(a: Handle, parts: number, axis: number): Handle[] {
    return this.scope.run('Split', [int('num_split', parts)], [this.constants.int(axis), a], parts);
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
