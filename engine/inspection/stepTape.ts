// One step of a cell that can be gone back through: what its equations do to rows, and the gradients on the way back.
import { unreachable } from '../../app/errors';
import type { Activation, CellMath } from '../cells/cell';
import { VARIANCE_FLOOR } from '../cells/layerNorm';
import { RowMath } from '../network/rowMath';

/** A row and the gradient that has reached it. */
export interface Taped {
  readonly values: Float32Array;
  readonly gradient: Float32Array;
}

const PLAIN = new RowMath();

export class StepTape implements CellMath<Taped> {
  readonly #rows: Taped[] = [];
  readonly #backward: (() => void)[] = [];

  /** A row that nothing was computed from. */
  leaf(values: Float32Array): Taped {
    const row = { values, gradient: new Float32Array(values.length) };
    this.#rows.push(row);
    return row;
  }
  /** A result of something else than the cell's arithmetic. @param back adds to the gradients of what it was made of */
  result(values: Float32Array, back: (gradient: Float32Array) => void): Taped {
    const row = this.leaf(values);
    this.#backward.push(() => back(row.gradient));
    return row;
  }

  /** From the gradients of these rows to those of all rows that they were made of. */
  back(cotangents: readonly (readonly [Taped, Float32Array])[]): void {
    for (const { gradient } of this.#rows) gradient.fill(0);
    for (const [row, cotangent] of cotangents) addTo(row.gradient, cotangent);
    for (let k = this.#backward.length - 1; k >= 0; k--) this.#backward[k]!();
  }

  add(a: Taped, b: Taped): Taped {
    return this.result(PLAIN.add(a.values, b.values), (g) => {
      addTo(a.gradient, g);
      addTo(b.gradient, g);
    });
  }
  multiply(a: Taped, b: Taped): Taped {
    return this.result(PLAIN.multiply(a.values, b.values), (g) => {
      for (let k = 0; k < g.length; k++) {
        a.gradient[k]! += g[k]! * b.values[k]!;
        b.gradient[k]! += g[k]! * a.values[k]!;
      }
    });
  }
  scale(a: Taped, factor: number): Taped {
    return this.#mapped(a, PLAIN.scale(a.values, factor), () => factor);
  }
  oneMinus(a: Taped): Taped {
    return this.#mapped(a, PLAIN.oneMinus(a.values), () => -1);
  }
  squash(kind: Activation, a: Taped): Taped {
    return this.#mapped(a, PLAIN.squash(kind, a.values), slopeOf(kind));
  }
  standardise(a: Taped, size: number): Taped {
    const values = PLAIN.standardise(a.values, size);
    return this.result(values, (g) => {
      for (let begin = 0; begin < g.length; begin += size) {
        const part = (all: Float32Array): Float32Array => all.subarray(begin, begin + size);
        standardiseBack(part(a.values), part(values), part(g), part(a.gradient));
      }
    });
  }
  softmax(a: Taped): Taped {
    const values = PLAIN.softmax(a.values);
    return this.result(values, (g) => {
      const mean = g.reduce((sum, value, k) => sum + value * values[k]!, 0);
      for (let k = 0; k < g.length; k++) a.gradient[k]! += values[k]! * (g[k]! - mean);
    });
  }
  gates(z: Taped, kinds: readonly Activation[]): Taped[] {
    const size = z.values.length / kinds.length;
    return this.split(
      z,
      kinds.map(() => size),
    ).map((block, gate) => this.squash(kinds[gate]!, block));
  }
  split(a: Taped, sizes: readonly number[]): Taped[] {
    let end = 0;
    return sizes.map((size) => {
      const begin = end;
      end += size;
      return this.result(a.values.subarray(begin, end), (g) => addTo(a.gradient.subarray(begin, begin + size), g));
    });
  }
  join(parts: readonly Taped[]): Taped {
    return this.result(PLAIN.join(parts.map(({ values }) => values)), (g) => {
      let begin = 0;
      for (const { gradient } of parts) addTo(gradient, g.subarray(begin, (begin += gradient.length)));
    });
  }

  /** @param slope from the value after */
  #mapped(a: Taped, values: Float32Array, slope: (y: number) => number): Taped {
    return this.result(values, (g) => {
      for (let k = 0; k < g.length; k++) a.gradient[k]! += g[k]! * slope(values[k]!);
    });
  }
}

export function addTo(sum: Float32Array, values: Float32Array): void {
  for (let k = 0; k < sum.length; k++) sum[k]! += values[k]!;
}

function slopeOf(kind: Activation): (y: number) => number {
  switch (kind) {
    case 'sigmoid':
      return (y) => y * (1 - y);
    case 'tanh':
      return (y) => 1 - y * y;
    case 'relu':
      return (y) => (y > 0 ? 1 : 0);
    default:
      return unreachable(kind);
  }
}

/** y = (a − μ)/σ: ∂a = (g − mean g − y · mean(g·y)) / σ */
function standardiseBack(a: Float32Array, y: Float32Array, g: Float32Array, into: Float32Array): void {
  const n = a.length;
  const mean = a.reduce((sum, value) => sum + value, 0) / n;
  const variance = a.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
  const scale = 1 / Math.sqrt(variance + VARIANCE_FLOOR);
  const meanG = g.reduce((sum, value) => sum + value, 0) / n;
  const meanGy = g.reduce((sum, value, k) => sum + value * y[k]!, 0) / n;
  for (let k = 0; k < n; k++) into[k]! += scale * (g[k]! - meanG - y[k]! * meanGy);
}
