// Matrix products of rows, for looking at a network step by step: by the native library's kernel where it is there, else here.
import type { Rung } from '../../app/contract/rung';
import { unreachable } from '../../app/errors';
import { readFloats, TensorScope, withHandles } from '../runtime/tensors';

/** a·W */
export interface RowProduct {
  /** a [n, from] → [n, to] */
  multiply(a: Float32Array, n: number): Float32Array;
}
/** Weights that are kept ready. */
export interface RowProducts {
  /** @param weights [from, to] */
  open(weights: Float32Array, from: number, to: number): RowProduct;
  dispose(): void;
}

export function openRowProducts(rung: Rung): RowProducts {
  switch (rung) {
    case 'compiled':
    case 'native':
      return new NativeProducts();
    case 'wasm':
      return PLAIN_PRODUCTS;
    default:
      return unreachable(rung);
  }
}

class NativeProducts implements RowProducts {
  readonly #scope = new TensorScope();

  open(weights: Float32Array, from: number, to: number): RowProduct {
    const handle = this.#scope.copied([from, to], weights);
    return {
      multiply: (a, n) =>
        withHandles((scope) => {
          // A view of a larger array would lend out memory that does not begin where a tensor's may.
          const rows = scope.shared([n, from], a.byteLength === a.buffer.byteLength ? a : a.slice());
          const [product] = scope.run('MatMul', [], [rows, handle], 1);
          return readFloats(product!);
        }),
    };
  }
  dispose(): void {
    this.#scope.dispose();
  }
}

const PLAIN_PRODUCTS: RowProducts = {
  open: (weights, from, to) => ({ multiply: (a, n) => plainProduct(a, n, weights, from, to) }),
  dispose: () => undefined,
};

function plainProduct(a: Float32Array, n: number, weights: Float32Array, from: number, to: number): Float32Array {
  const product = new Float32Array(n * to);
  for (let row = 0; row < n; row++) {
    const out = product.subarray(row * to, (row + 1) * to);
    for (let k = 0; k < from; k++) {
      const factor = a[row * from + k]!;
      if (factor === 0) continue;
      const begin = k * to;
      for (let j = 0; j < to; j++) out[j]! += factor * weights[begin + j]!;
    }
  }
  return product;
}

/** [from, to] → [to, from] */
export function transposed(weights: Float32Array, from: number, to: number): Float32Array {
  const turned = new Float32Array(weights.length);
  for (let row = 0; row < from; row++) for (let k = 0; k < to; k++) turned[k * from + row] = weights[row * to + k]!;
  return turned;
}
