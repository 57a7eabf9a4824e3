// The cells' equations read in double precision: matrices that remember how they were made, so that they can go back.
import type { Activation, CellMath } from '../cells/cell';

/** A matrix [rows, columns] and the gradient that reaches it. */
export class Matrix {
  readonly gradient: Float64Array;
  constructor(
    readonly rows: number,
    readonly columns: number,
    readonly values: Float64Array,
    private readonly pass: (gradient: Float64Array) => void = () => undefined,
    private readonly parents: readonly Matrix[] = [],
  ) {
    this.gradient = new Float64Array(values.length);
  }

  /** Adds the gradients of ⟨cotangent, this⟩ to everything that this was made of. */
  backward(cotangent: ArrayLike<number>): void {
    this.gradient.forEach((_, k) => (this.gradient[k]! += cotangent[k]!));
    const order: Matrix[] = [];
    const seen = new Set<Matrix>();
    const stack: { node: Matrix; isDone: boolean }[] = [{ node: this, isDone: false }];
    // Parents before children, without recursion: sequences are long.
    for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
      const { node, isDone } = entry;
      if (isDone) order.push(node);
      else if (!seen.has(node)) {
        seen.add(node);
        stack.push({ node, isDone: true }, ...node.parents.map((parent) => ({ node: parent, isDone: false })));
      }
    }
    for (const node of order.reverse()) node.pass(node.gradient);
  }
}
export const matrix = (rows: number, columns: number, values: ArrayLike<number>): Matrix =>
  new Matrix(rows, columns, Float64Array.from(values));
export const zeros = (rows: number, columns: number): Matrix => matrix(rows, columns, new Float64Array(rows * columns));

/** Element by element; a matrix of one row stands for that row again and again. */
function elementwise(
  a: Matrix,
  b: Matrix,
  value: (x: number, y: number) => number,
  slopes: (x: number, y: number) => readonly [number, number],
): Matrix {
  const rows = Math.max(a.rows, b.rows);
  const columns = Math.max(a.columns, b.columns);
  const at = (m: Matrix, k: number): number =>
    (m.rows === 1 ? 0 : Math.floor(k / columns)) * m.columns + (m.columns === 1 ? 0 : k % columns);
  const values = Float64Array.from({ length: rows * columns }, (_, k) =>
    value(a.values[at(a, k)]!, b.values[at(b, k)]!),
  );
  const pass = (gradient: Float64Array): void =>
    gradient.forEach((g, k) => {
      const [toA, toB] = slopes(a.values[at(a, k)]!, b.values[at(b, k)]!);
      a.gradient[at(a, k)]! += g * toA;
      b.gradient[at(b, k)]! += g * toB;
    });
  return new Matrix(rows, columns, values, pass, [a, b]);
}
/** @param slope from the value before and after. */
function mapped(a: Matrix, value: (x: number) => number, slope: (x: number, y: number) => number): Matrix {
  const values = a.values.map(value);
  const pass = (gradient: Float64Array): void =>
    gradient.forEach((g, k) => (a.gradient[k]! += g * slope(a.values[k]!, values[k]!)));
  return new Matrix(a.rows, a.columns, values, pass, [a]);
}
export function product(a: Matrix, b: Matrix): Matrix {
  const [N, K, M] = [a.rows, a.columns, b.columns];
  const values = new Float64Array(N * M);
  const each = (visit: (n: number, k: number, m: number) => void): void => {
    for (let n = 0; n < N; n++)
      for (let k = 0; k < K; k++) for (let m = 0; m < M; m++) visit(n * K + k, k * M + m, n * M + m);
  };
  each((inA, inB, out) => (values[out]! += a.values[inA]! * b.values[inB]!));
  const pass = (gradient: Float64Array): void =>
    each((inA, inB, out) => {
      a.gradient[inA]! += gradient[out]! * b.values[inB]!;
      b.gradient[inB]! += gradient[out]! * a.values[inA]!;
    });
  return new Matrix(N, M, values, pass, [a, b]);
}
/** Columns [begin, begin + size) */
function columnsOf(a: Matrix, begin: number, size: number): Matrix {
  const from = (k: number): number => Math.floor(k / size) * a.columns + begin + (k % size);
  const values = Float64Array.from({ length: a.rows * size }, (_, k) => a.values[from(k)]!);
  return new Matrix(a.rows, size, values, (g) => g.forEach((value, k) => (a.gradient[from(k)]! += value)), [a]);
}
function joined(parts: readonly Matrix[]): Matrix {
  const columns = parts.reduce((sum, part) => sum + part.columns, 0);
  const rows = parts[0]!.rows;
  const values = new Float64Array(rows * columns);
  const begins = parts.map((_, k) => parts.slice(0, k).reduce((sum, part) => sum + part.columns, 0));
  const at = (part: number, k: number): number =>
    Math.floor(k / parts[part]!.columns) * columns + begins[part]! + (k % parts[part]!.columns);
  parts.forEach((part, p) => part.values.forEach((value, k) => (values[at(p, k)] = value)));
  const pass = (gradient: Float64Array): void =>
    parts.forEach((part, p) => part.gradient.forEach((_, k) => (part.gradient[k]! += gradient[at(p, k)]!)));
  return new Matrix(rows, columns, values, pass, parts);
}
function softmax(a: Matrix): Matrix {
  const exponentials = mapped(a, Math.exp, (_, y) => y);
  const ones = matrix(a.columns, 1, new Float64Array(a.columns).fill(1));
  return elementwise(
    exponentials,
    product(exponentials, ones),
    (x, sum) => x / sum,
    (x, sum) => [1 / sum, -x / (sum * sum)],
  );
}
function standardise(a: Matrix, size: number): Matrix {
  const mean = matrix(size, 1, new Float64Array(size).fill(1 / size));
  const blocks = Array.from({ length: a.columns / size }, (_, k) => {
    const block = columnsOf(a, k * size, size);
    const centred = elementwise(
      block,
      product(block, mean),
      (x, mu) => x - mu,
      () => [1, -1],
    );
    const squares = mapped(
      centred,
      (x) => x * x,
      (x) => 2 * x,
    );
    return elementwise(
      centred,
      product(squares, mean),
      (x, variance) => x / Math.sqrt(variance + 1e-5),
      (x, variance) => [(variance + 1e-5) ** -0.5, -0.5 * x * (variance + 1e-5) ** -1.5],
    );
  });
  return joined(blocks);
}
function squash(kind: Activation, a: Matrix): Matrix {
  switch (kind) {
    case 'tanh':
      return mapped(a, Math.tanh, (_, y) => 1 - y * y);
    case 'sigmoid':
      return mapped(
        a,
        (x) => 1 / (1 + Math.exp(-x)),
        (_, y) => y * (1 - y),
      );
    case 'relu':
      return mapped(
        a,
        (x) => Math.max(0, x),
        (x) => (x > 0 ? 1 : 0),
      );
  }
}

export const float64Math: CellMath<Matrix> = {
  add: (a, b) =>
    elementwise(
      a,
      b,
      (x, y) => x + y,
      () => [1, 1],
    ),
  multiply: (a, b) =>
    elementwise(
      a,
      b,
      (x, y) => x * y,
      (x, y) => [y, x],
    ),
  scale: (a, factor) =>
    mapped(
      a,
      (x) => factor * x,
      () => factor,
    ),
  oneMinus: (a) =>
    mapped(
      a,
      (x) => 1 - x,
      () => -1,
    ),
  squash,
  standardise,
  softmax,
  gates: (z, kinds) => {
    const units = z.columns / kinds.length;
    return kinds.map((kind, gate) => squash(kind, columnsOf(z, gate * units, units)));
  },
  split: (a, sizes) =>
    sizes.map((size, k) =>
      columnsOf(
        a,
        sizes.slice(0, k).reduce((sum, other) => sum + other, 0),
        size,
      ),
    ),
  join: joined,
};
