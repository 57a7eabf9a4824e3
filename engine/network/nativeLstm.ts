// An LSTM live: TensorFlow's kernels called by name, one sequence, h and c carried along.
//
// One frame goes through LSTMBlockCell, several at once through BlockLSTMV2: each is the faster there. The kernels differ
// in the order of the gates: BlockLSTMV2 takes i f g o (as our parameters), LSTMBlockCell i g f o.
import { LSTM_GATES, PEEPHOLES } from '../cells/lstm';
import { nativeLibrary, type Handle, type KernelAttribute } from '../runtime/native';
import { TensorScope } from '../runtime/tensors';
import { KeptStates, output, type NativeLayer } from './nativeLayer';

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
export interface NativeLstmOptions {
  /** D */
  readonly inputs: number;
  /** H */
  readonly units: number;
  readonly hasPeepholes: boolean;
  /** Values of a parameter by its name inside the layer. */
  readonly valuesOf: (name: string) => Float32Array;
  /** h and c before the first step, [H] each. */
  readonly first: readonly Float32Array[];
}

export class NativeLstm implements NativeLayer {
  /** Weights; lives as long as the layer. */
  readonly #scope = new TensorScope();
  readonly #forBlock: Weights;
  readonly #forCell: Weights;
  /** Of input, forget and output gate, [H] each; zeros where they are switched off. */
  readonly #peepholes: readonly Handle[];
  readonly #attributes: ReturnType<typeof kernelAttributes>;
  readonly #states: KeptStates;

  constructor(private readonly options: NativeLstmOptions) {
    const { inputs, units, valuesOf, hasPeepholes } = options;
    const scope = this.#scope;
    const [input, recurrent, bias] = ['inputWeights', 'recurrentWeights', 'bias'].map(valuesOf) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const rows = new Float32Array(input.length + recurrent.length);
    rows.set(input);
    rows.set(recurrent, input.length);
    const shape = [inputs + units, GATES * units];
    this.#forBlock = { weights: scope.shared(shape, rows), bias: scope.copied([GATES * units], bias) };
    this.#forCell = {
      weights: scope.shared(shape, inBlockCellOrder(rows, units)),
      bias: scope.shared([GATES * units], inBlockCellOrder(bias, units)),
    };
    this.#peepholes = PEEPHOLES.map((name) =>
      scope.copied([units], hasPeepholes ? valuesOf(name) : new Float32Array(units)),
    );
    this.#attributes = kernelAttributes(hasPeepholes);
    this.#states = new KeptStates(options.first);
  }

  push(scope: TensorScope, x: Handle, n: number): Handle {
    return n === 1 ? this.#one(scope, x) : this.#many(scope, x, n);
  }
  reset(): void {
    this.#states.reset();
  }
  dispose(): void {
    this.#states.dispose();
    this.#scope.dispose();
  }

  /** x [1, D] → h [1, H] */
  #one(scope: TensorScope, x: Handle): Handle {
    const [h, c] = this.#states.handles as [Handle, Handle];
    const { weights, bias } = this.#forCell;
    const inputs = [x, c, h, weights, ...this.#peepholes, bias];
    const outputs = scope.run('LSTMBlockCell', this.#attributes.cell, inputs, KERNEL_OUTPUTS);
    const hidden = output(outputs, HIDDEN_OUTPUT);
    this.#states.replace(scope, [hidden, output(outputs, CELL_OUTPUT)]);
    return hidden;
  }

  /** x [n, D] → all h [n, H] */
  #many(scope: TensorScope, x: Handle, n: number): Handle {
    const { inputs, units } = this.options;
    const [h, c] = this.#states.handles as [Handle, Handle];
    const { weights, bias } = this.#forBlock;
    const sequence = reshape(scope, x, [n, 1, inputs]);
    const given = [scope.int64(n), sequence, c, h, weights, ...this.#peepholes, bias];
    const outputs = scope.run('BlockLSTMV2', this.#attributes.block, given, KERNEL_OUTPUTS);
    const begin = scope.shared([2], Int32Array.of(n - 1, 0));
    const size = scope.shared([2], Int32Array.of(1, units));
    const rows = (index: number): Handle => reshape(scope, output(outputs, index), [n, units]);
    const last = (values: Handle): Handle => output(scope.run('Slice', [], [values, begin, size], 1), 0);
    const hidden = rows(HIDDEN_OUTPUT);
    this.#states.replace(scope, [last(hidden), last(rows(CELL_OUTPUT))]);
    return hidden;
  }
}

const reshape = (scope: TensorScope, values: Handle, shape: readonly number[]): Handle =>
  output(scope.run('Reshape', [], [values, scope.shared([shape.length], Int32Array.from(shape))], 1), 0);

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

/** No clipping of the cell, no bias added to the forget gate. */
function kernelAttributes(hasPeepholes: boolean): {
  readonly cell: KernelAttribute[];
  readonly block: KernelAttribute[];
} {
  const native = nativeLibrary();
  const block = [
    { name: 'cell_clip', type: native.TF_ATTR_FLOAT, value: -1 },
    { name: 'use_peephole', type: native.TF_ATTR_BOOL, value: hasPeepholes },
  ];
  return { block, cell: [{ name: 'forget_bias', type: native.TF_ATTR_FLOAT, value: 0 }, ...block] };
}
