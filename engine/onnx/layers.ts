// A network's layers in ONNX: every direction of a layer is a Scan whose body is the cell's step. One sequence at a time.
//
// Letters: T steps, D inputs of a layer, Z columns of the projection x·W + b.
import { directionsOf, type Direction, type LayerSpec } from '../../app/contract/network';
import { noPeriods, type Cell, type StepInputs } from '../cells/cell';
import { cellOf } from '../cells/registry';
import {
  INITIAL_STATE_NAMES,
  isConcatenated,
  isInitialStateLearned,
  type ParameterSet,
  type ParameterValue,
} from '../network/parameters';
import { valueOf, type OnnxGraph, type Value } from './graph';
import { onnxMath } from './onnxMath';

export class NetworkParameters {
  readonly #graph: OnnxGraph;
  readonly #values: ParameterSet;

  constructor(graph: OnnxGraph, values: ParameterSet) {
    this.#graph = graph;
    this.#values = values;
  }
  has(name: string): boolean {
    return this.#values.has(name);
  }
  get(name: string): ParameterValue {
    const value = this.#values.get(name);
    if (value === undefined) throw new Error(`Expected a parameter called ${name}`);
    return value;
  }
  /** @param mask in its shape: 0 where there is no weight; null: none is missing */
  constant(name: string, mask: Float32Array | null = null): Value {
    const { shape, values } = this.get(name);
    const kept = mask === null ? values : values.map((value, k) => value * (mask[k] ?? 0));
    return this.#graph.constant(name, shape, kept);
  }
}

/** All layers over x [T, D] → [T, outputs of the last]. */
export function exportLayers(
  graph: OnnxGraph,
  layers: readonly LayerSpec[],
  x: Value,
  parameters: NetworkParameters,
): Value {
  return layers.reduce((input, layer, index) => {
    const outputs = directionsOf(layer).map((direction) =>
      exportDirection(graph, layer, direction, `layer${index}.${direction}`, input, parameters),
    );
    if (isConcatenated(layer)) return graph.add('Concat', outputs, { axis: 1 });
    return outputs.reduce((sum, other) => graph.add('Add', [sum, other]));
  }, x);
}

function exportDirection(
  graph: OnnxGraph,
  layer: LayerSpec,
  direction: Direction,
  prefix: string,
  x: Value,
  parameters: NetworkParameters,
): Value {
  const cell = cellOf(layer);
  const product = graph.add('MatMul', [x, parameters.constant(`${prefix}.inputWeights`)]);
  const projected = parameters.has(`${prefix}.bias`)
    ? graph.add('Add', [product, parameters.constant(`${prefix}.bias`)])
    : product;
  if (cell.states.length === 0) {
    const given = stepParameters(graph, cell, prefix, parameters);
    return cell.step(onnxMath(graph), { ...given, projected, states: [], due: noPeriods }).output;
  }
  return scanned(graph, { layer, cell, direction, prefix }, projected, parameters);
}

interface Reading {
  readonly layer: LayerSpec;
  readonly cell: Cell;
  readonly direction: Direction;
  readonly prefix: string;
}

/** The cell's step over projected [T, Z] → [T, O]. */
function scanned(
  graph: OnnxGraph,
  { layer, cell, direction, prefix }: Reading,
  projected: Value,
  parameters: NetworkParameters,
): Value {
  const body = graph.body(prefix);
  const states = cell.states.map(({ name }) => `${prefix}/${name}`);
  const [row, heard] = [`${prefix}/row`, `${prefix}/heard`];
  const { periods } = cell;
  const due = (): Value => {
    if (periods === null) return noPeriods();
    const left = body.add('Mod', [heard, body.integers(periods, [1, periods.length])]);
    return body.add('Cast', [body.add('Equal', [left, body.integers([0])])], { to: 1 });
  };
  // A scan hands the body a row [Z]; a cell's step is written for [N, Z].
  const asRow = body.add('Unsqueeze', [row, body.integers([0])]);
  const given = stepParameters(body, cell, prefix, parameters);
  const result = cell.step(onnxMath(body), { ...given, projected: asRow, states, due });
  const output = body.add('Squeeze', [result.output, body.integers([0])]);
  const after = result.states.map((state) => body.add('Identity', [state]));
  const clock = periods === null ? [] : [valueOf(heard, [1], 'int64')];
  const ticked = periods === null ? [] : [valueOf(body.add('Add', [heard, body.integers([1])]), [1], 'int64')];
  const sizes = cell.states.map(({ size }) => size);
  const message = body.message(
    prefix.replace('.', '_'),
    [...states.map((name, index) => valueOf(name, [1, sizes[index] ?? 1])), ...clock, valueOf(row, ['Z'])],
    [...after.map((name, index) => valueOf(name, [1, sizes[index] ?? 1])), ...ticked, valueOf(output, [cell.outputs])],
  );
  const first = cell.states.map(({ name, size }) =>
    isInitialStateLearned(layer)
      ? graph.add('Unsqueeze', [parameters.constant(`${prefix}.${INITIAL_STATE_NAMES[name]}`), graph.integers([0])])
      : graph.constant(`zeros_1x${size}`, [1, size], new Float32Array(size)),
  );
  const started = periods === null ? first : [...first, graph.integers([0])];
  const backward = direction === 'forward' ? 0 : 1;
  const outputs = graph.addMany('Scan', [...started, projected], started.length + 1, {
    body: message,
    num_scan_inputs: 1,
    scan_input_directions: [backward],
    scan_output_directions: [backward],
  });
  return outputs[started.length] as Value;
}

function stepParameters(
  graph: OnnxGraph,
  cell: Cell,
  prefix: string,
  parameters: NetworkParameters,
): Pick<StepInputs<Value>, 'product' | 'vector'> {
  const masks = new Map(cell.parameters(1).map(({ name, mask }) => [name, mask]));
  return {
    product: (name, a) => graph.add('MatMul', [a, parameters.constant(`${prefix}.${name}`, masks.get(name) ?? null)]),
    vector: (name) => parameters.constant(`${prefix}.${name}`),
  };
}
