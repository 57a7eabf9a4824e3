// Any cell live: its step by kernels, frame by frame, the states carried along. A session's graph would change threads for every
// frame, which costs more than the calls.
//
// A Clockwork has weights for each set of modules that are due together, so that silent modules are not computed.
import { noPeriods, type Cell, type StepResult } from '../cells/cell';
import type { Handle } from '../runtime/native';
import { TensorScope } from '../runtime/tensors';
import { dueSets, type DueSets } from './dueSets';
import { KernelConstants, KernelMath } from './kernelMath';
import { KeptStates, output, type NativeLayer } from './nativeLayer';

export interface NativeCellOptions {
  readonly cell: Cell;
  /** D */
  readonly inputs: number;
  /** Values of a parameter by its name inside the layer. */
  readonly valuesOf: (name: string) => Float32Array;
  /** The states before the first step, [size] each. */
  readonly first: readonly Float32Array[];
}
/** Units that are due together and what computes them. */
interface DuePart {
  readonly weights: ReadonlyMap<string, Handle>;
  /** null: all units. [k] and [k, 2] */
  readonly places: { readonly columns: Handle; readonly cells: Handle } | null;
}

export class NativeCell implements NativeLayer {
  /** Weights; lives as long as the layer. */
  readonly #scope = new TensorScope();
  readonly #constants = new KernelConstants(this.#scope);
  readonly #states: KeptStates;
  /** null: every unit is computed at every step. */
  readonly #due: DueSets | null;
  readonly #parts: readonly DuePart[];
  #heard = 0;

  constructor(private readonly options: NativeCellOptions) {
    const { periods } = options.cell;
    this.#due = periods === null ? null : dueSets(periods);
    this.#parts = (this.#due?.sets ?? [null]).map((units) => this.#makePart(units));
    this.#states = new KeptStates(options.first);
  }

  push(scope: TensorScope, x: Handle, n: number): Handle {
    const { cell } = this.options;
    const math = new KernelMath(scope, this.#constants);
    if (cell.states.length === 0) return this.#stepOf(scope, math, output(this.#parts, 0), x).output;
    const rows = math.rows(x, n).map((row) => this.#step(scope, math, row, n === 1));
    return math.stack(rows);
  }
  reset(): void {
    this.#states.reset();
    this.#heard = 0;
  }
  dispose(): void {
    this.#states.dispose();
    this.#scope.dispose();
  }

  /** x [1, D] → [1, O] @param isOnly whether no other step follows in this push. */
  #step(scope: TensorScope, math: KernelMath, x: Handle, isOnly: boolean): Handle {
    const set = this.#due === null ? 0 : this.#due.indexAfter(this.#heard);
    const kept = this.#states.handles;
    // Silent units hand up what they handed up before: their state.
    const result =
      set === null ? unchanged(math.copy(output(kept, 0))) : this.#stepOf(scope, math, output(this.#parts, set), x);
    this.#heard++;
    // What is handed up may be a state, which the next step of this push would delete.
    const isState = result.states.includes(result.output);
    const handed = isState && !isOnly ? math.copy(result.output) : result.output;
    this.#states.replace(scope, result.states);
    return handed;
  }

  #stepOf(
    scope: TensorScope,
    math: KernelMath,
    { weights, places }: DuePart,
    x: Handle,
  ): Pick<StepResult<Handle>, 'states' | 'output'> {
    const { cell } = this.options;
    const parameter = (name: string): Handle => {
      const handle = weights.get(name);
      if (handle === undefined) throw new Error(`Expected a parameter called ${name}`);
      return handle;
    };
    const states = this.#states.handles;
    const product = math.product(x, parameter('inputWeights'));
    const projected = weights.has('bias') ? math.add(product, parameter('bias')) : product;
    if (places === null) {
      const { periods } = cell;
      const due = () => (periods === null ? noPeriods() : dueMask(scope, periods, this.#heard));
      const given = { projected, states, due, vector: parameter };
      return cell.step(math, { ...given, product: (name, a) => math.product(a, parameter(name)) });
    }
    const result = cell.step(math, {
      projected,
      states: states.map((state) => math.columnsAt(state, places.columns)),
      due: () => this.#constants.float(1),
      // The units that are due hear every unit, the silent ones too.
      product: (name) => math.product(output(states, 0), parameter(name)),
      vector: parameter,
    });
    const after = result.states.map((state, k) => math.withColumns(output(states, k), places.cells, state));
    return { states: after, output: output(after, 0) };
  }

  /** @param units null: all. */
  #makePart(units: readonly number[] | null): DuePart {
    const { cell, inputs, valuesOf } = this.options;
    const scope = this.#scope;
    const weights = new Map(
      cell.parameters(inputs).map(({ name, role, shape, mask }) => {
        const stored = valuesOf(name);
        const values = mask === null ? stored : stored.map((value, k) => value * mask[k]!);
        if (units === null || role === 'vector') return [name, scope.copied(shape, values)];
        const columns = columnsOf(values, shape.at(-1)!, units);
        return [name, scope.shared([...shape.slice(0, -1), units.length], columns)];
      }),
    );
    if (units === null) return { weights, places: null };
    const columns = scope.shared([units.length], Int32Array.from(units));
    const cells = scope.shared([units.length, 2], Int32Array.from(units.flatMap((unit) => [0, unit])));
    return { weights, places: { columns, cells } };
  }
}

const unchanged = (state: Handle) => ({ states: [state], output: state });

/** The columns `chosen` of values [rows, width]. */
function columnsOf(values: Float32Array, width: number, chosen: readonly number[]): Float32Array {
  const rows = values.length / width;
  return Float32Array.from(
    { length: rows * chosen.length },
    (_, k) => values[Math.floor(k / chosen.length) * width + chosen[k % chosen.length]!]!,
  );
}
/** [1, H]: 1 where a unit is due after `heard` steps, else 0. */
const dueMask = (scope: TensorScope, periods: readonly number[], heard: number): Handle =>
  scope.shared(
    [1, periods.length],
    Float32Array.from(periods, (period) => (heard % period === 0 ? 1 : 0)),
  );
