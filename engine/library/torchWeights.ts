// Stacks of PyTorch's nn.LSTM, nn.GRU and nn.RNN, saved by safetensors.torch.save_file(module.state_dict(), …), in our layout.
//
//   weight_ih_lK  [G·H, D]   → layerK.forward.inputWeights      [D, G·H], transposed
//   weight_hh_lK  [G·H, H]   → layerK.forward.recurrentWeights  [H, G·H], transposed
//   bias_ih_lK + bias_hh_lK  → layerK.forward.bias              [G·H]
//   …_reverse                → layerK.reverse.…
//
// The gates' blocks stand in the same order on both sides: i f g o of an LSTM, r z n of a GRU. A GRU is one whose reset gate acts
// after the recurrent product, and the last block of its bias_hh, which that gate multiplies, is candidateBias. Without biases they
// are zero. G is 4 for an LSTM, 3 for a GRU, 1 for an RNN.
import { directionsOf, type LayerSpec, type NetworkSpec } from '../../app/contract/network';
import type { TorchCell } from '../../app/contract/models';
import { UnrollError } from '../../app/errors';
import { outputSize, type ParameterSet, type ParameterValue } from '../network/parameters';

const GATES: Readonly<Record<TorchCell, number>> = { lstm: 4, gru: 3, rnn: 1 };

export interface TorchStack {
  /** D of the first layer. */
  readonly inputSize: number;
  readonly layers: readonly LayerSpec[];
  /** Parameters of the layers alone, without a head. */
  readonly parameters: ParameterSet;
}

/**
 * @param tensors as they are in the file; names may stand behind one prefix, as "rnn.weight_ih_l0"
 * @param nonlinearity of nn.RNN, which the file does not tell
 * @throws UnrollError model.torch naming the tensor that is missing or has another shape
 */
export function fromTorch(
  tensors: ParameterSet,
  cell: TorchCell,
  file: string,
  nonlinearity: 'tanh' | 'relu' = 'tanh',
): TorchStack {
  const stack = new StoredStack(tensors, file);
  const [rows, inputSize] = stack.shape('weight_ih_l0');
  const units = rows / GATES[cell];
  if (!Number.isInteger(units)) throw stack.misfit('weight_ih_l0');
  const direction = stack.has('weight_ih_l0_reverse') ? 'bidirectional' : 'forward';
  const layers: LayerSpec[] = [];
  const parameters = new Map<string, ParameterValue>();
  for (let inputs = inputSize; stack.has(`weight_ih_l${layers.length}`);) {
    const layer = layerOf(cell, units, direction, nonlinearity);
    for (const side of directionsOf(layer)) {
      const suffix = `l${layers.length}${side === 'reverse' ? '_reverse' : ''}`;
      const prefix = `layer${layers.length}.${side}`;
      for (const [name, value] of directionFrom(stack, cell, suffix, inputs, units))
        parameters.set(`${prefix}.${name}`, { ...value, name: `${prefix}.${name}` });
    }
    layers.push(layer);
    inputs = outputSize(layer);
  }
  return { inputSize, layers, parameters };
}

/**
 * The linear layer above the stack: nn.Linear's weight [C, I] and bias [C] under a name of its own.
 * @throws UnrollError model.torch
 */
export function headFromTorch(tensors: ParameterSet, network: NetworkSpec, name: string, file: string): ParameterSet {
  const { classes } = network.head;
  const inputs = network.layers.reduce((_, layer) => outputSize(layer), 0);
  const linear = new StoredStack(tensors, file, `${name}.`);
  const weights = linear.transposed('weight', classes, inputs);
  return new Map([
    ['head.weights', { name: 'head.weights', shape: [inputs, classes], values: weights }],
    ['head.bias', { name: 'head.bias', shape: [classes], values: linear.bias('bias', classes) }],
  ]);
}

function layerOf(
  cell: TorchCell,
  units: number,
  direction: 'forward' | 'bidirectional',
  activation: 'tanh' | 'relu',
): LayerSpec {
  switch (cell) {
    case 'lstm':
      return { cell, units, direction };
    case 'gru':
      return { cell, units, direction, reset: 'after' };
    case 'rnn':
      return { cell: 'elman', units, direction, activation };
  }
}

type Unnamed = Omit<ParameterValue, 'name'>;

function directionFrom(
  stack: StoredStack,
  cell: TorchCell,
  suffix: string,
  inputs: number,
  units: number,
): [string, Unnamed][] {
  const columns = GATES[cell] * units;
  const input = stack.transposed(`weight_ih_${suffix}`, columns, inputs);
  const recurrent = stack.transposed(`weight_hh_${suffix}`, columns, units);
  const fromInput = stack.bias(`bias_ih_${suffix}`, columns);
  const fromState = stack.bias(`bias_hh_${suffix}`, columns);
  // What the reset gate stands between cannot be added up.
  const added = cell === 'gru' ? 2 * units : columns;
  const bias = fromInput.map((value, k) => (k < added ? value + (fromState[k] ?? 0) : value));
  return [
    ['inputWeights', { shape: [inputs, columns], values: input }],
    ['recurrentWeights', { shape: [units, columns], values: recurrent }],
    ...(cell === 'gru' ? ([['candidateBias', { shape: [units], values: fromState.slice(added) }]] as const) : []),
    ['bias', { shape: [columns], values: bias }],
  ].map(([name, value]) => [name, value] as [string, Unnamed]);
}

/** The tensors of one recurrent module. */
class StoredStack {
  readonly #tensors: ParameterSet;
  readonly #file: string;
  readonly #prefix: string;

  /** @param prefix of its tensors' names; left out: whatever stands before the first layer's */
  constructor(tensors: ParameterSet, file: string, prefix?: string) {
    this.#tensors = tensors;
    this.#file = file;
    const first = [...tensors.keys()].find((name) => /(^|\.)weight_ih_l0$/.test(name)) ?? 'weight_ih_l0';
    this.#prefix = prefix ?? first.slice(0, first.length - 'weight_ih_l0'.length);
  }
  has(name: string): boolean {
    return this.#tensors.has(this.#prefix + name);
  }
  misfit(name: string): UnrollError {
    return new UnrollError('model.torch', { file: this.#file, tensor: this.#prefix + name });
  }
  shape(name: string): [rows: number, columns: number] {
    const [rows, columns, ...more] = this.#of(name).shape;
    if (rows === undefined || columns === undefined || more.length > 0) throw this.misfit(name);
    return [rows, columns];
  }
  /** [rows, columns] → [columns, rows] */
  transposed(name: string, rows: number, columns: number): Float32Array {
    const [height, width] = this.shape(name);
    if (height !== rows || width !== columns) throw this.misfit(name);
    const { values } = this.#of(name);
    return Float32Array.from(values, (_, k) => values[(k % rows) * columns + Math.floor(k / rows)] ?? 0);
  }
  /** Zeros where the module was made without biases. */
  bias(name: string, size: number): Float32Array {
    if (!this.has(name)) return new Float32Array(size);
    const { values } = this.#of(name);
    if (values.length !== size) throw this.misfit(name);
    return values;
  }
  #of(name: string): ParameterValue {
    const value = this.#tensors.get(this.#prefix + name);
    if (value === undefined) throw this.misfit(name);
    return value;
  }
}
