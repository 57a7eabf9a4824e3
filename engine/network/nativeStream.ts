// Live recognition on the native library: TensorFlow's LSTM kernels called by name, one sequence, h and c carried along.
//
// One frame goes through LSTMBlockCell, several at once through BlockLSTMV2: each is the faster there. The kernels differ
// in the order of the gates: BlockLSTMV2 takes i f g o (as our parameters), LSTMBlockCell i g f o.
import { isForwardOnly, type NetworkSpec } from '../../app/contract/network';
import { LSTM_GATES } from '../cells/lstm';
import { nativeLibrary, type Handle, type KernelAttribute } from '../runtime/native';
import { readFloats, TensorScope, withHandles } from '../runtime/tensors';
import type { ParameterSet, ParameterValue } from './parameters';
import type { NetworkStream } from './program';

/** Gate of our order (i f g o) that stands in each block of LSTMBlockCell's columns. */
const BLOCK_CELL_ORDER = [0, 2, 1, 3] as const;
const GATES = LSTM_GATES.length;
/** Outputs of both kernels: i, cs, f, o, ci, co, h. */
const KERNEL_OUTPUTS = 7;
const CELL_OUTPUT = 1;
const HIDDEN_OUTPUT = 6;

interface Weights {
  /** [D + H, 4H]: input rows, then recurrent rows */
  readonly weights: Handle;
  /** [4H] */
  readonly bias: Handle;
}
interface StreamLayer {
  readonly inputs: number;
  readonly units: number;
  readonly forBlock: Weights;
  readonly forCell: Weights;
  /** [H] zeros in the place of peephole weights, which are switched off */
  readonly noPeephole: Handle;
  /** [1, H] */
  h: Handle;
  c: Handle;
}

class NativeStream implements NetworkStream {
  /** Weights and constants; lives as long as the stream. */
  readonly #scope = new TensorScope();
  readonly #layers: readonly StreamLayer[];
  readonly #headWeights: Handle;
  readonly #headBias: Handle;
  readonly #attributes = kernelAttributes();

  constructor(
    private readonly spec: NetworkSpec,
    parameters: ParameterSet,
  ) {
    if (!isForwardOnly(spec)) {
      throw new Error('Expected forward layers only: a reverse reading cannot be streamed');
    }
    const scope = this.#scope;
    let inputs = spec.inputSize;
    this.#layers = spec.layers.map(({ units }, index) => {
      const layer = makeLayer(scope, parameters, `layer${index}.forward`, inputs, units);
      inputs = units;
      return layer;
    });
    const head = (name: string): Handle => {
      const { shape, values } = valueOf(parameters, `head.${name}`);
      return scope.copied(shape, values);
    };
    this.#headWeights = head('weights');
    this.#headBias = head('bias');
  }

  push(frames: Float32Array): Float32Array {
    const { inputSize } = this.spec;
    const count = frames.length / inputSize;
    if (!Number.isInteger(count)) throw new Error(`Expected ${inputSize} values per frame, but got ${frames.length}`);
    if (count === 0) return new Float32Array(0);
    return withHandles((scope) => {
      let x = scope.shared([count, inputSize], frames);
      for (const layer of this.#layers)
        x = count === 1 ? this.#one(scope, layer, x) : this.#many(scope, layer, x, count);
      return readFloats(this.#head(scope, x));
    });
  }
  reset(): void {
    for (const layer of this.#layers)
      this.#keep(layer, zeroState(this.#scope, layer.units), zeroState(this.#scope, layer.units));
  }
  dispose(): void {
    this.#scope.dispose();
  }

  /** x [1, D] → h [1, H] */
  #one(scope: TensorScope, layer: StreamLayer, x: Handle): Handle {
    const { h, c, noPeephole: none, forCell } = layer;
    const outputs = scope.run(
      'LSTMBlockCell',
      this.#attributes.cell,
      [x, c, h, forCell.weights, none, none, none, forCell.bias],
      KERNEL_OUTPUTS,
    );
    const hidden = output(outputs, HIDDEN_OUTPUT);
    this.#keep(layer, scope.release(hidden), scope.release(output(outputs, CELL_OUTPUT)));
    return hidden;
  }

  /** x [n, D] → all h [n, H] */
  #many(scope: TensorScope, layer: StreamLayer, x: Handle, count: number): Handle {
    const { h, c, inputs, units, noPeephole: none, forBlock } = layer;
    const sequence = reshape(scope, x, [count, 1, inputs]);
    const outputs = scope.run(
      'BlockLSTMV2',
      this.#attributes.block,
      [scope.int64(count), sequence, c, h, forBlock.weights, none, none, none, forBlock.bias],
      KERNEL_OUTPUTS,
    );
    const begin = scope.shared([2], Int32Array.of(count - 1, 0));
    const size = scope.shared([2], Int32Array.of(1, units));
    const rows = (index: number): Handle => reshape(scope, output(outputs, index), [count, units]);
    const last = (values: Handle): Handle => output(scope.run('Slice', [], [values, begin, size], 1), 0);
    const hidden = rows(HIDDEN_OUTPUT);
    this.#keep(layer, scope.release(last(hidden)), scope.release(last(rows(CELL_OUTPUT))));
    return hidden;
  }

  /** x [n, H] → logits [n, C] */
  #head(scope: TensorScope, x: Handle): Handle {
    const product = output(scope.run('MatMul', [], [x, this.#headWeights], 1), 0);
    return output(scope.run('BiasAdd', [], [product, this.#headBias], 1), 0);
  }

  /** Hands the new state to the stream and deletes the old one. */
  #keep(layer: StreamLayer, h: Handle, c: Handle): void {
    for (const old of [layer.h, layer.c]) nativeLibrary().deleteTensor(this.#scope.release(old));
    layer.h = this.#scope.own(h);
    layer.c = this.#scope.own(c);
  }
}

const zeroState = (scope: TensorScope, units: number): Handle => scope.shared([1, units], new Float32Array(units));
const reshape = (scope: TensorScope, values: Handle, shape: readonly number[]): Handle =>
  output(scope.run('Reshape', [], [values, scope.shared([shape.length], Int32Array.from(shape))], 1), 0);

function makeLayer(
  scope: TensorScope,
  parameters: ParameterSet,
  prefix: string,
  inputs: number,
  units: number,
): StreamLayer {
  const input = valueOf(parameters, `${prefix}.inputWeights`).values;
  const recurrent = valueOf(parameters, `${prefix}.recurrentWeights`).values;
  const bias = valueOf(parameters, `${prefix}.bias`).values;
  const rows = new Float32Array(input.length + recurrent.length);
  rows.set(input);
  rows.set(recurrent, input.length);
  const shape = [inputs + units, GATES * units];
  return {
    inputs,
    units,
    forBlock: { weights: scope.shared(shape, rows), bias: scope.copied([GATES * units], bias) },
    forCell: {
      weights: scope.shared(shape, inBlockCellOrder(rows, units)),
      bias: scope.shared([GATES * units], inBlockCellOrder(bias, units)),
    },
    noPeephole: scope.shared([units], new Float32Array(units)),
    h: zeroState(scope, units),
    c: zeroState(scope, units),
  };
}

/** Rows of 4H columns with their blocks of H in LSTMBlockCell's order. */
function inBlockCellOrder(values: Float32Array, units: number): Float32Array {
  const ordered = new Float32Array(values.length);
  for (let row = 0; row < values.length; row += GATES * units) {
    BLOCK_CELL_ORDER.forEach((gate, block) => {
      const start = row + gate * units;
      ordered.set(values.subarray(start, start + units), row + block * units);
    });
  }
  return ordered;
}

/** No clipping of the cell, no bias added to the forget gate, no peepholes. */
function kernelAttributes(): { readonly cell: KernelAttribute[]; readonly block: KernelAttribute[] } {
  const native = nativeLibrary();
  const block = [
    { name: 'cell_clip', type: native.TF_ATTR_FLOAT, value: -1 },
    { name: 'use_peephole', type: native.TF_ATTR_BOOL, value: false },
  ];
  return { block, cell: [{ name: 'forget_bias', type: native.TF_ATTR_FLOAT, value: 0 }, ...block] };
}

function valueOf(parameters: ParameterSet, name: string): ParameterValue {
  const value = parameters.get(name);
  if (value === undefined) throw new Error(`Expected a parameter called ${name}`);
  return value;
}
function output(handles: readonly Handle[], index: number): Handle {
  const handle = handles[index];
  if (handle === undefined) throw new Error(`Expected at least ${index + 1} outputs, but got ${handles.length}`);
  return handle;
}

/** Opens a stream over a network of forward layers. @throws Error where a layer reads backward. */
export function openNativeStream(spec: NetworkSpec, parameters: ParameterSet): NetworkStream {
  return new NativeStream(spec, parameters);
}
