// Any cell live, frame by frame: its products by the library's kernels, what is between them in this program's own memory
// (rowMath.ts), where the states are carried along. A session's graph would change threads for every frame, which costs more
// than the calls.
//
// A Clockwork has weights for each set of modules that are due together, so that silent modules are not computed.
import { noPeriods, type Cell, type StepResult } from '../cells/cell';
import type { Handle } from '../runtime/native';
import { readFloats, TensorScope, withHandles } from '../runtime/tensors';
import { dueSets, type DueSets } from './dueSets';
import { MAX_WEIGHTS } from './nativeJoined';
import { output, type NativeLayer } from './nativeLayer';
import { RowMath } from './rowMath';

export interface NativeCellOptions {
  readonly cell: Cell;
  /** D */
  readonly inputs: number;
  /** Values of a parameter by its name inside the layer. */
  readonly valuesOf: (name: string) => Float32Array;
  /** The states before the first step, [size] each. */
  readonly first: readonly Float32Array[];
}
/** Columns of a matrix [from, ·], side by side: TensorFlow's product of one row falls behind from MAX_WEIGHTS on. */
type Blocks = readonly Handle[];
/** Units that are due together and what computes them. */
interface DuePart {
  readonly matrices: ReadonlyMap<string, Blocks>;
  readonly vectors: ReadonlyMap<string, Float32Array>;
  /** Rising; null: all units. */
  readonly units: readonly number[] | null;
}

const MATH = new RowMath();

export class NativeCell implements NativeLayer {
  /** Weights; lives as long as the layer. */
  readonly #scope = new TensorScope();
  /** null: every unit is computed at every step. */
  readonly #due: DueSets | null;
  readonly #parts: readonly DuePart[];
  #states: readonly Float32Array[];
  #heard = 0;

  constructor(private readonly options: NativeCellOptions) {
    const { periods } = options.cell;
    this.#due = periods === null ? null : dueSets(periods);
    this.#parts = (this.#due?.sets ?? [null]).map((units) => this.#makePart(units));
    this.#states = options.first;
  }

  push(scope: TensorScope, x: Handle, n: number): Handle {
    const { cell, inputs } = this.options;
    const outputs = new Float32Array(n * cell.outputs);
    if (this.#due === null) {
      const part = output(this.#parts, 0);
      const projected = projection(x, n, part);
      const width = projected.length / n;
      for (let t = 0; t < n; t++) {
        const result = this.#stepOf(part, projected.subarray(t * width, (t + 1) * width));
        outputs.set(this.#takeOver(result), t * cell.outputs);
      }
    } else {
      const frames = readFloats(x);
      for (let t = 0; t < n; t++)
        outputs.set(this.#dueStep(this.#due, frames.slice(t * inputs, (t + 1) * inputs)), t * cell.outputs);
    }
    return scope.shared([n, cell.outputs], outputs);
  }
  reset(): void {
    this.#states = this.options.first;
    this.#heard = 0;
  }
  dispose(): void {
    this.#scope.dispose();
  }

  /** @returns what is handed up, [O] */
  #takeOver({ states, output: handed }: Pick<StepResult<Float32Array>, 'states' | 'output'>): Float32Array {
    this.#states = states;
    this.#heard++;
    return handed;
  }
  /** x [D] → [O] */
  #dueStep(due: DueSets, x: Float32Array): Float32Array {
    const set = due.indexAfter(this.#heard);
    const state = output(this.#states, 0);
    // Silent units hand up what they handed up before: their state.
    if (set === null) return this.#takeOver({ states: [state], output: state });
    const part = output(this.#parts, set);
    const projected = withHandles((scope) => projection(scope.shared([1, x.length], x), 1, part));
    return this.#takeOver(this.#stepOf(part, projected));
  }

  #stepOf(part: DuePart, projected: Float32Array): Pick<StepResult<Float32Array>, 'states' | 'output'> {
    const { cell } = this.options;
    const { units } = part;
    const states = this.#states;
    const vector = (name: string): Float32Array => named(part.vectors, name);
    const product = (name: string, a: Float32Array): Float32Array => rowProduct(a, named(part.matrices, name));
    if (units === null) {
      const due = () => (cell.periods === null ? noPeriods() : dueMask(cell.periods, this.#heard));
      return cell.step(MATH, { projected, states, due, vector, product });
    }
    const whole = output(states, 0);
    const result = cell.step(MATH, {
      projected,
      states: states.map((state) => Float32Array.from(units, (unit) => state[unit]!)),
      due: () => new Float32Array(units.length).fill(1),
      // The units that are due hear every unit, the silent ones too.
      product: (name) => product(name, whole),
      vector,
    });
    const after = states.map((state, k) => {
      const all = state.slice();
      units.forEach((unit, place) => (all[unit] = result.states[k]![place]!));
      return all;
    });
    return { states: after, output: output(after, 0) };
  }

  /** @param units null: all. */
  #makePart(units: readonly number[] | null): DuePart {
    const { cell, inputs, valuesOf } = this.options;
    const matrices = new Map<string, Blocks>();
    const vectors = new Map<string, Float32Array>();
    for (const { name, role, shape, mask } of cell.parameters(inputs)) {
      const stored = valuesOf(name);
      const values = mask === null ? stored : stored.map((value, k) => value * mask[k]!);
      const width = shape.at(-1)!;
      const columns = units ?? Array.from({ length: width }, (_, column) => column);
      if (shape.length === 2) matrices.set(name, this.#blocks(values, width, columns));
      else vectors.set(name, role === 'vector' ? values : columnsOf(values, width, columns));
    }
    return { matrices, vectors, units };
  }
  /** The columns `chosen` of values [rows, width]. */
  #blocks(values: Float32Array, width: number, chosen: readonly number[]): Blocks {
    const rows = values.length / width;
    const count = Math.ceil((rows * chosen.length) / (MAX_WEIGHTS - 1));
    const size = Math.ceil(chosen.length / count);
    return Array.from({ length: count }, (_, block) => {
      const columns = chosen.slice(block * size, (block + 1) * size);
      return this.#scope.shared([rows, columns.length], columnsOf(values, width, columns));
    });
  }
}

function named<V>(values: ReadonlyMap<string, V>, name: string): V {
  const value = values.get(name);
  if (value === undefined) throw new Error(`Expected a parameter called ${name}`);
  return value;
}
/** x·W + b of x [n, D], row by row. */
function projection(x: Handle, n: number, { matrices, vectors }: DuePart): Float32Array {
  const product = matrixProduct(x, n, named(matrices, 'inputWeights'));
  const bias = vectors.get('bias');
  if (bias !== undefined)
    for (let begin = 0; begin < product.length; begin += bias.length)
      for (let k = 0; k < bias.length; k++) product[begin + k]! += bias[k]!;
  return product;
}
const rowProduct = (a: Float32Array, blocks: Blocks): Float32Array =>
  withHandles((scope) => matrixProduct(scope.shared([1, a.length], a), 1, blocks));
/** a [n, from] times the columns of all blocks, row by row. */
function matrixProduct(a: Handle, n: number, blocks: Blocks): Float32Array {
  return withHandles((scope) => {
    const parts = blocks.map((block) => readFloats(output(scope.run('MatMul', [], [a, block], 1), 0)));
    const [only] = parts;
    if (only !== undefined && parts.length === 1) return only;
    const rows = Array.from({ length: n }, (_, t) =>
      MATH.join(parts.map((part) => part.subarray((t * part.length) / n, ((t + 1) * part.length) / n))),
    );
    return MATH.join(rows);
  });
}
/** The columns `chosen` of values [rows, width]. */
function columnsOf(values: Float32Array, width: number, chosen: readonly number[]): Float32Array {
  const rows = values.length / width;
  return Float32Array.from(
    { length: rows * chosen.length },
    (_, k) => values[Math.floor(k / chosen.length) * width + chosen[k % chosen.length]!]!,
  );
}
/** [H]: 1 where a unit is due after `heard` steps, else 0. */
const dueMask = (periods: readonly number[], heard: number): Float32Array =>
  Float32Array.from(periods, (period) => (heard % period === 0 ? 1 : 0));
