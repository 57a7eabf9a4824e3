// A cell's arithmetic on one row in this program's own memory: what a live step does between its matrix products. A kernel's call
// costs more than the arithmetic of a layer's units.
import { unreachable } from '../../app/errors';
import type { Activation, CellMath, GateKind } from '../cells/cell';
import { VARIANCE_FLOOR } from '../cells/layerNorm';

type Row = Float32Array<ArrayBuffer>;

function each(a: Float32Array, value: (x: number) => number): Row {
  const result = new Float32Array(a.length);
  for (let k = 0; k < a.length; k++) result[k] = value(a[k]!);
  return result;
}

// Loops of their own, since a call by value for each element costs as much as the exponential.
function sigmoid(a: Float32Array): Row {
  const result = new Float32Array(a.length);
  for (let k = 0; k < a.length; k++) result[k] = 1 / (1 + Math.exp(-a[k]!));
  return result;
}
/** By one exponential: Math.tanh takes three times as long. In double precision, so that what cancels near 0 is far below a float. */
function tanh(a: Float32Array): Row {
  const result = new Float32Array(a.length);
  for (let k = 0; k < a.length; k++) result[k] = 1 - 2 / (Math.exp(2 * a[k]!) + 1);
  return result;
}
function relu(a: Float32Array): Row {
  const result = new Float32Array(a.length);
  for (let k = 0; k < a.length; k++) result[k] = Math.max(0, a[k]!);
  return result;
}

/** On rows [·] of equal length. */
export class RowMath implements CellMath<Float32Array> {
  add(a: Float32Array, b: Float32Array): Float32Array {
    const sum = new Float32Array(a.length);
    for (let k = 0; k < a.length; k++) sum[k] = a[k]! + b[k]!;
    return sum;
  }
  multiply(a: Float32Array, b: Float32Array): Float32Array {
    const product = new Float32Array(a.length);
    for (let k = 0; k < a.length; k++) product[k] = a[k]! * b[k]!;
    return product;
  }
  scale(a: Float32Array, factor: number): Float32Array {
    return each(a, (x) => factor * x);
  }
  oneMinus(a: Float32Array): Float32Array {
    return each(a, (x) => 1 - x);
  }
  squash(kind: Activation, a: Float32Array): Float32Array {
    switch (kind) {
      case 'tanh':
        return tanh(a);
      case 'sigmoid':
        return sigmoid(a);
      case 'relu':
        return relu(a);
      default:
        return unreachable(kind);
    }
  }
  standardise(a: Float32Array, size: number): Float32Array {
    const result = new Float32Array(a.length);
    for (let begin = 0; begin < a.length; begin += size) {
      const block = a.subarray(begin, begin + size);
      const mean = block.reduce((sum, x) => sum + x, 0) / size;
      const variance = block.reduce((sum, x) => sum + (x - mean) ** 2, 0) / size;
      const scale = 1 / Math.sqrt(variance + VARIANCE_FLOOR);
      block.forEach((x, k) => (result[begin + k] = (x - mean) * scale));
    }
    return result;
  }
  softmax(a: Float32Array): Float32Array {
    const largest = a.reduce((most, x) => Math.max(most, x), -Infinity);
    const powers = each(a, (x) => Math.exp(x - largest));
    const sum = powers.reduce((total, x) => total + x, 0);
    return each(powers, (x) => x / sum);
  }
  gates(z: Float32Array, kinds: readonly GateKind[]): Float32Array[] {
    const size = z.length / kinds.length;
    return kinds.map((kind, gate) => this.squash(kind, z.subarray(gate * size, (gate + 1) * size)));
  }
  split(a: Float32Array, sizes: readonly number[]): Float32Array[] {
    let begin = 0;
    return sizes.map((size) => a.subarray(begin, (begin += size)));
  }
  join(parts: readonly Float32Array[]): Float32Array {
    const joined = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let begin = 0;
    for (const part of parts) {
      joined.set(part, begin);
      begin += part.length;
    }
    return joined;
  }
}
