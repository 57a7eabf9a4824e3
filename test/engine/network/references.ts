// Values and gradients that PyTorch computed in double precision, brought into our layout.
import type { LayerSpec } from '../../../app/contract/network';
import { directionsOf } from '../../../app/contract/network';
import { outputSize, type ParameterSet, type ParameterValue } from '../../../engine/network/parameters';
import { flat, readReference, shapeOf, type Nested } from './fixtures';

export interface CellReference {
  readonly layers: readonly LayerSpec[];
  readonly T: number;
  readonly N: number;
  readonly D: number;
  readonly lengths: Int32Array;
  /** [T, N, D] */
  readonly input: Float32Array;
  readonly inputGradient: Float32Array;
  /** [T, N, outputs of the last layer] */
  readonly output: Float32Array;
  readonly outputCotangent: Float32Array;
  readonly weights: ParameterSet;
  readonly gradients: ParameterSet;
  /** First states [N, size] by the prefix of a direction, and their gradients where the reference has them. */
  readonly initial: ReadonlyMap<string, readonly Float32Array[]>;
  readonly initialGradients: ReadonlyMap<string, readonly Float32Array[]>;
}
type Weights = Readonly<Record<string, Nested>>;
interface Stored {
  readonly input: Nested;
  readonly output: Nested;
  readonly outputCotangent: Nested;
  readonly inputGrad: Nested;
  readonly weights: Weights;
  readonly grads: Weights;
  readonly lengths?: readonly number[];
}

export const TORCH_REFERENCES = ['elman', 'gru', 'lstm'].flatMap((cell) =>
  ['uni-1layer', 'uni-2layer', 'bi-1layer', 'bi-2layer'].map((kind) => `${cell}-${kind}`),
);
export const WRITTEN_REFERENCES = [
  'gru-reset-before',
  'jordan',
  'lstm-peephole',
  'clockwork',
  'scrn',
  'elman-normalised',
  'lstm-normalised',
  'gru-normalised',
] as const;
export const REFERENCES: readonly string[] = [...TORCH_REFERENCES, 'lstm-bi-padded', ...WRITTEN_REFERENCES];

export const cellReference = (name: string): CellReference =>
  isWritten(name) ? writtenReference(name) : torchReference(name);
const isWritten = (name: string): name is (typeof WRITTEN_REFERENCES)[number] =>
  (WRITTEN_REFERENCES as readonly string[]).includes(name);

const common = ({ input, inputGrad, output, outputCotangent, lengths }: Stored) => {
  const [T = 0, N = 0, D = 0] = shapeOf(input);
  return {
    T,
    N,
    D,
    lengths: Int32Array.from(lengths ?? new Array<number>(N).fill(T)),
    input: flat(input),
    inputGradient: flat(inputGrad),
    output: flat(output),
    outputCotangent: flat(outputCotangent),
  };
};

// Layers of torch.nn: weights [columns, inputs], two biases.
interface TorchStored extends Stored {
  /** [layers · directions, N, H]; missing: zeros */
  readonly initialHidden?: readonly Nested[];
  readonly initialCell?: readonly Nested[];
}
function torchReference(name: string): CellReference {
  const stored = readReference<TorchStored>(name);
  const cell = name.split('-')[0] as 'elman' | 'gru' | 'lstm';
  const count = Object.keys(stored.weights).filter((key) => /^weight_hh_l\d+$/.test(key)).length;
  const units = shapeOf(stored.weights['weight_hh_l0']!)[1]!;
  const direction = 'weight_hh_l0_reverse' in stored.weights ? 'bidirectional' : 'forward';
  const layer: LayerSpec = cell === 'gru' ? { cell, units, direction, reset: 'after' } : { cell, units, direction };
  const layers = new Array<LayerSpec>(count).fill(layer);
  const prefixes = layers.flatMap((_, index) => directionsOf(layer).map((side) => `layer${index}.${side}`));
  const states = [stored.initialHidden, ...(cell === 'lstm' ? [stored.initialCell] : [])];
  const sizes = common(stored);
  return {
    ...sizes,
    layers,
    weights: fromTorch(stored.weights, layers, sizes.D, 'value'),
    gradients: fromTorch(stored.grads, layers, sizes.D, 'gradient'),
    initial: new Map(
      prefixes.map((prefix, k) => [
        prefix,
        states.map((values) => (values === undefined ? new Float32Array(sizes.N * units) : flat(values[k]!))),
      ]),
    ),
    initialGradients: new Map(),
  };
}

/** @param kind of two biases that are added the value is their sum, the gradient that of either. */
function fromTorch(
  torch: Weights,
  layers: readonly LayerSpec[],
  inputSize: number,
  kind: 'value' | 'gradient',
): ParameterSet {
  const set = new Map<string, ParameterValue>();
  let inputs = inputSize;
  layers.forEach((layer, index) => {
    for (const direction of directionsOf(layer)) {
      const suffix = `l${index}${direction === 'reverse' ? '_reverse' : ''}`;
      const prefix = `layer${index}.${direction}`;
      const put = putInto(set, prefix);
      const { units } = layer;
      const [first, second] = [flat(torch[`bias_ih_${suffix}`]!), flat(torch[`bias_hh_${suffix}`]!)];
      const columns = first.length;
      put('inputWeights', [inputs, columns], transposed(torch[`weight_ih_${suffix}`]!));
      put('recurrentWeights', [units, columns], transposed(torch[`weight_hh_${suffix}`]!));
      // The candidate's recurrent bias of a GRU is not added to its other one: the reset gate stands between them.
      const added = layer.cell === 'gru' ? 2 * units : columns;
      if (layer.cell === 'gru') put('candidateBias', [units], second.slice(added));
      put(
        'bias',
        [columns],
        first.map((value, k) => (kind === 'value' && k < added ? value + second[k]! : value)),
      );
    }
    inputs = outputSize(layer);
  });
  return set;
}
const putInto =
  (set: Map<string, ParameterValue>, prefix: string) =>
  (name: string, shape: number[], values: Float32Array): void =>
    void set.set(`${prefix}.${name}`, { name: `${prefix}.${name}`, shape, values });
function transposed(rows: Nested): Float32Array {
  const [height = 0, width = 0] = shapeOf(rows);
  const values = flat(rows);
  return Float32Array.from(
    { length: height * width },
    (_, k) => values[(k % height) * width + Math.floor(k / height)]!,
  );
}

// Cells written out from their equations: weights [from, to], one layer forward.
interface WrittenStored extends Stored {
  readonly periods?: readonly number[];
  readonly alpha?: number;
  readonly hidden?: Nested;
  readonly context?: Nested;
}
/** What is made of the reference's weights: ours by name, and first states in their order. */
interface Layout {
  readonly layer: LayerSpec;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly states: readonly string[];
}
const blocks = (name: string, gates: string): string[] => [...gates].map((gate) => `${name}_${gate}`);
function layoutOf(name: (typeof WRITTEN_REFERENCES)[number], { periods, alpha }: WrittenStored): Layout {
  const direction = 'forward';
  switch (name) {
    case 'gru-reset-before':
      return {
        layer: { cell: 'gru', units: 4, direction, reset: 'before' },
        parameters: {
          inputWeights: blocks('Wx', 'rzn'),
          recurrentWeights: blocks('Wh', 'rz'),
          candidateWeights: ['Wh_n'],
          bias: blocks('b', 'rzn'),
        },
        states: ['h0'],
      };
    case 'jordan':
      return {
        layer: { cell: 'jordan', units: 4, outputs: 3, direction },
        parameters: {
          inputWeights: ['Wx'],
          recurrentWeights: ['Wy'],
          bias: ['bh'],
          outputWeights: ['Wo'],
          outputBias: ['bo'],
        },
        states: ['y0'],
      };
    case 'lstm-peephole':
      return {
        layer: { cell: 'lstm', units: 4, direction, peepholes: true },
        parameters: {
          inputWeights: blocks('Wx', 'ifgo'),
          recurrentWeights: blocks('Wh', 'ifgo'),
          bias: blocks('b', 'ifgo'),
          inputPeephole: ['peephole_i'],
          forgetPeephole: ['peephole_f'],
          outputPeephole: ['peephole_o'],
        },
        states: ['h0', 'c0'],
      };
    case 'clockwork':
      return {
        layer: { cell: 'clockwork', units: 8, periods: [...periods!], direction },
        parameters: { inputWeights: ['Wx'], recurrentWeights: ['Wh'], bias: ['b'] },
        states: ['h0'],
      };
    case 'scrn':
      return {
        layer: { cell: 'scrn', units: 4, contextUnits: 3, decay: alpha!, direction },
        parameters: { inputWeights: ['A', 'B'], recurrentWeights: ['R'], contextWeights: ['P'] },
        states: ['h0', 's0'],
      };
    case 'elman-normalised':
      return {
        layer: { cell: 'elman', units: 4, direction, layerNormalisation: true },
        parameters: { inputWeights: ['Wx'], recurrentWeights: ['Wh'], gain: ['g'], shift: ['b'] },
        states: ['h0'],
      };
    case 'lstm-normalised':
      return {
        layer: { cell: 'lstm', units: 4, direction, layerNormalisation: true },
        parameters: {
          inputWeights: blocks('Wx', 'ifgo'),
          recurrentWeights: blocks('Wh', 'ifgo'),
          gain: blocks('gain', 'ifgo'),
          shift: blocks('b', 'ifgo'),
        },
        states: ['h0', 'c0'],
      };
    case 'gru-normalised':
      return {
        layer: { cell: 'gru', units: 4, direction, reset: 'before', layerNormalisation: true },
        parameters: {
          inputWeights: blocks('Wx', 'rzn'),
          recurrentWeights: blocks('Wh', 'rz'),
          candidateWeights: ['Wh_n'],
          gain: blocks('gain', 'rz'),
          shift: blocks('b', 'rz'),
          candidateGain: ['gain_n'],
          candidateShift: ['b_n'],
        },
        states: ['h0'],
      };
  }
}
function writtenReference(name: (typeof WRITTEN_REFERENCES)[number]): CellReference {
  const stored = readReference<WrittenStored>(name);
  const { layer, parameters, states } = layoutOf(name, stored);
  const prefix = 'layer0.forward';
  const setOf = (from: Weights): ParameterSet => {
    const set = new Map<string, ParameterValue>();
    const put = putInto(set, prefix);
    for (const [ours, theirs] of Object.entries(parameters)) {
      const { shape, values } = sideBySide(theirs.map((key) => from[key]!));
      put(ours, shape, values);
    }
    return set;
  };
  const statesOf = (from: Weights) => new Map([[prefix, states.map((key) => flat(from[key]!))]]);
  return {
    ...common(name === 'scrn' ? withoutOutputProduct(stored) : stored),
    layers: [layer],
    weights: setOf(stored.weights),
    gradients: setOf(stored.grads),
    initial: statesOf(stored.weights),
    initialGradients: statesOf(stored.grads),
  };
}

/** Columns of vectors or matrices side by side. */
function sideBySide(parts: readonly Nested[]): { shape: number[]; values: Float32Array } {
  const shapes = parts.map(shapeOf);
  const height = shapes[0]!.length === 2 ? shapes[0]![0]! : 1;
  const widths = shapes.map((shape) => shape.at(-1)!);
  const flats = parts.map(flat);
  const rows = Array.from({ length: height }, (_, row) =>
    flats.flatMap((values, k) => [...values.subarray(row * widths[k]!, (row + 1) * widths[k]!)]),
  );
  const width = widths.reduce((sum, size) => sum + size, 0);
  return { shape: shapes[0]!.length === 2 ? [height, width] : [width], values: Float32Array.from(rows.flat()) };
}

/** Output h·U + s·V of an SCRN belongs to the head: the layer's is h beside s. */
function withoutOutputProduct(stored: WrittenStored): Stored {
  const output = join(stored.hidden as number[][][], stored.context as number[][][]);
  const back = (cotangent: number[], weights: number[][]): number[] =>
    weights.map((row) => row.reduce((sum, weight, k) => sum + weight * cotangent[k]!, 0));
  const { U, V } = stored.weights as Record<string, number[][]>;
  const outputCotangent = (stored.outputCotangent as number[][][]).map((rows) =>
    rows.map((row) => [...back(row, U!), ...back(row, V!)]),
  );
  return { ...stored, output, outputCotangent };
}
const join = (a: number[][][], b: number[][][]): number[][][] =>
  a.map((rows, t) => rows.map((row, n) => [...row, ...b[t]![n]!]));
