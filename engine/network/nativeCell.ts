// Any cell live: its step as a small graph, one call for each frame, the states carried along.
//
// A Clockwork's step stands in the graph once for each set of modules that can be due together, with the weights of those
// modules alone: silent modules are not computed.
import { noPeriods, type Cell, type StepInputs } from '../cells/cell';
import { GraphMath } from '../cells/graphMath';
import { attribute, DataType } from '../graph/attributes';
import { FunctionLibrary } from '../graph/functions';
import { Graph, type Value } from '../graph/graph';
import { GraphSession } from '../graph/session';
import { nativeLibrary, type Handle } from '../runtime/native';
import { TensorScope } from '../runtime/tensors';
import { dueSets, type DueSets } from './dueSets';
import { KeptStates, output, type NativeLayer } from './nativeLayer';

const { float, int32 } = DataType;

export interface NativeCellOptions {
  readonly cell: Cell;
  /** D */
  readonly inputs: number;
  /** Values of a parameter by its name inside the layer. */
  readonly valuesOf: (name: string) => Float32Array;
  /** The states before the first step, [size] each. */
  readonly first: readonly Float32Array[];
}

export class NativeCell implements NativeLayer {
  /** Weights; lives as long as the layer. */
  readonly #scope = new TensorScope();
  readonly #session: GraphSession;
  readonly #states: KeptStates;
  /** null: every unit is computed at every step. */
  readonly #due: DueSets | null;
  /** Fed at every step, by the set of units that are due. */
  readonly #weights: readonly Readonly<Record<string, Handle>>[];
  #heard = 0;

  constructor(private readonly options: NativeCellOptions) {
    const { cell } = options;
    this.#due = cell.periods === null ? null : dueSets(cell.periods);
    const graph = new Graph();
    const x = graph.placeholder('x', float);
    const states = cell.states.map((_, k) => graph.placeholder(`state${k}`, float));
    const frame = cell.states.length === 0 ? x : rowOf(graph, x, graph.placeholder('row', int32), options.inputs);
    this.#weights = (this.#due?.sets ?? [null]).map((due, k) => this.#buildStep(graph, frame, states, k, due));
    this.#session = new GraphSession(graph, new FunctionLibrary());
    this.#states = new KeptStates(options.first);
  }

  push(scope: TensorScope, x: Handle, n: number): Handle {
    if (this.options.cell.states.length === 0)
      return output(scope.ownAll(this.#session.run({ x, ...this.#weights[0] }, ['output0'])), 0);
    const rows: Handle[] = [];
    for (let row = 0; row < n; row++) rows.push(this.#step(scope, x, row));
    return rows.length === 1 ? output(rows, 0) : concatRows(scope, rows);
  }
  reset(): void {
    this.#states.reset();
    this.#heard = 0;
  }
  dispose(): void {
    this.#states.dispose();
    this.#scope.dispose();
    this.#session.close();
  }

  /** Row `row` of x [n, D] → [1, O] */
  #step(scope: TensorScope, x: Handle, row: number): Handle {
    const { periods } = this.options.cell;
    const set = this.#due === null ? 0 : this.#due.indexAfter(this.#heard);
    const masks = periods === null || this.#due !== null ? {} : { due: dueMask(scope, periods, this.#heard) };
    this.#heard++;
    const kept = this.#states.handles;
    // Whatever is silent hands up what it handed up before: its state.
    if (set === null) return scope.own(copyOf(output(kept, 0)));
    const given = Object.fromEntries(kept.map((handle, k) => [`state${k}`, handle]));
    const names = [`output${set}`, ...kept.map((_, k) => `after${set}_${k}`)];
    const inputs = { x, row: scope.int(row), ...given, ...masks, ...this.#weights[set] };
    const [result, ...after] = scope.ownAll(this.#session.run(inputs, names)) as [Handle, ...Handle[]];
    this.#states.replace(scope, after);
    return result;
  }

  /**
   * Adds the step for the units `due` (null: all) and returns what it must be fed beside frame and states.
   * @param frame [1, D], or [n, D] for a cell without memory.
   */
  #buildStep(graph: Graph, frame: Value, states: readonly Value[], set: number, due: readonly number[] | null) {
    const { cell, inputs, valuesOf } = this.options;
    const fed: Record<string, Handle> = {};
    const placeholders = new Map(
      cell.parameters(inputs).map(({ name, role, shape, mask }) => {
        const stored = valuesOf(name);
        const values = mask === null ? stored : stored.map((value, k) => value * mask[k]!);
        const columns = due === null || role === 'vector' ? null : due;
        const width = columns?.length ?? shape.at(-1)!;
        const key = `${name}${set}`;
        fed[key] = this.#scope.copied(
          [...shape.slice(0, -1), width],
          columns === null ? values : columnsOf(values, shape.at(-1)!, columns),
        );
        return [name, graph.placeholder(key, float)];
      }),
    );
    const parameter = (name: string): Value => placeholders.get(name)!;
    const bias = placeholders.get('bias');
    const product = graph.matmul(frame, parameter('inputWeights'));
    const projected = bias === undefined ? product : graph.biasAdd(product, bias);
    const given: StepInputs<Value> =
      due === null
        ? {
            projected,
            states,
            due: () => (cell.periods === null ? noPeriods() : graph.placeholder('due', float)),
            product: (weights, a) => graph.matmul(a, parameter(weights)),
            vector: parameter,
          }
        : {
            projected,
            states: states.map((state) => columnsAt(graph, state, due)),
            due: () => graph.float(1),
            // The units that are due hear every unit, the silent ones too.
            product: (weights) => graph.matmul(states[0]!, parameter(weights)),
            vector: parameter,
          };
    const result = cell.step(new GraphMath(graph, 'plain'), given);
    const whole = (values: Value): Value => (due === null ? values : scattered(graph, states[0]!, values, due));
    graph.identity(whole(result.output), { name: `output${set}` });
    result.states.forEach((state, k) => graph.identity(whole(state), { name: `after${set}_${k}` }));
    return fed;
  }
}

/** Row `row` of x [n, D]: [1, D] */
const rowOf = (graph: Graph, x: Value, row: Value, D: number): Value =>
  graph.result(
    'Slice',
    [x, graph.pack([row, graph.int(0)]), graph.ints(1, D)],
    { T: attribute.type(float), Index: attribute.type(int32) },
    float,
  );

/** The columns `chosen` of a [1, ·]. */
function columnsAt(graph: Graph, a: Value, chosen: readonly number[]): Value {
  const attr = { Tparams: attribute.type(float), Tindices: attribute.type(int32), Taxis: attribute.type(int32) };
  const indices = graph.constant([chosen.length], Int32Array.from(chosen));
  return graph.result('GatherV2', [a, indices, graph.int(1)], attr, float);
}

/** `before` [1, H] with the values [1, due] in the columns `due`. */
function scattered(graph: Graph, before: Value, values: Value, due: readonly number[]): Value {
  const indices = graph.constant([due.length, 2], Int32Array.from(due.flatMap((unit) => [0, unit])));
  const updates = graph.reshape(values, graph.ints(-1));
  const attr = { T: attribute.type(float), Tindices: attribute.type(int32) };
  return graph.result('TensorScatterUpdate', [before, indices, updates], attr, float);
}

/** The columns `chosen` of values [rows, width]. */
function columnsOf(values: Float32Array, width: number, chosen: readonly number[]): Float32Array {
  const rows = values.length / width;
  return Float32Array.from(
    { length: rows * chosen.length },
    (_, k) => values[Math.floor(k / chosen.length) * width + chosen[k % chosen.length]!]!,
  );
}

function concatRows(scope: TensorScope, rows: readonly Handle[]): Handle {
  const native = nativeLibrary();
  const attributes = [
    { name: 'N', type: native.TF_ATTR_INT, value: rows.length },
    { name: 'T', type: native.TF_ATTR_TYPE, value: native.TF_FLOAT },
    { name: 'Tidx', type: native.TF_ATTR_TYPE, value: native.TF_INT32 },
  ];
  return output(scope.run('ConcatV2', attributes, [...rows, scope.int(0)], 1), 0);
}
/** [1, H]: 1 where a unit is due after `heard` steps, else 0. */
const dueMask = (scope: TensorScope, periods: readonly number[], heard: number): Handle =>
  scope.shared(
    [1, periods.length],
    Float32Array.from(periods, (period) => (heard % period === 0 ? 1 : 0)),
  );
function copyOf(handle: Handle): Handle {
  const [copy] = nativeLibrary().executeOp('Identity', [], [handle], 1);
  return copy!.id;
}
