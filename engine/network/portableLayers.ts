// Stacked layers over padded sequences, as ordinary TensorFlow.js operations.
//
// Letters: T steps, N sequences, D inputs, O outputs of one direction. Past a sequence's end its states stand still and its output
// is zero, so the reverse direction, which comes from there, starts at each sequence's own last step.
import type { Rank, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { directionsOf, type Direction, type HeadSpec, type LayerSpec } from '../../app/contract/network';
import { stepsHeard } from '../cells/clock';
import { noPeriods, type Cell, type StepInputs } from '../cells/cell';
import { productsOf } from '../cells/products';
import { cellOf } from '../cells/registry';
import { INITIAL_STATE_NAMES, isConcatenated, isInitialStateLearned } from './parameters';
import type { TensorFlow } from './portableBackend';
import { portableMath } from './portableMath';
import { product } from './portableProduct';
import { isTaught, lastTime, toldClass } from './teacherForcing';

/** Parameters by name, as tensors. */
export type ParameterTensors = ReadonlyMap<string, Tensor>;
/** A cell's states in their order, [N, size] each. */
export type CellStates = readonly Tensor2D[];

export interface DirectionPass {
  /** [T, N, O] */
  readonly output: Tensor3D;
  readonly final: CellStates;
}
export interface Teacher {
  readonly head: HeadSpec;
  readonly labels: readonly Int32Array[];
}
export interface LayerOptions {
  /** Multiplies a layer's output [T, N, ·] by a mask; null: none. */
  readonly dropout: ((output: Tensor3D, layer: number) => Tensor3D) | null;
  /** States before the first step, by the prefix of a direction's parameters ("layer0.forward"); missing: as the layer says. */
  readonly initial?: (prefix: string) => CellStates;
  /** Dropout on the recurrence, [N, size of the first state]; missing or null: none. */
  readonly recurrentMask?: (layer: LayerSpec, index: number, direction: Direction) => Tensor2D | null;
  /** Is given the states after the last step. */
  readonly onFinal?: (prefix: string, states: CellStates) => void;
  /** The head and its targets by row, which layers under teacher forcing are told. */
  readonly teacher?: Teacher;
}
/** Which step of which sequence is one. */
export interface Timing {
  /** [N] */
  readonly lengths: Int32Array;
  /** By step: 1 where a sequence is still going, else 0, [N, 1]; null where all are. */
  readonly masks: readonly (Tensor2D | null)[];
  /** Steps of the sequences that went before the first one here. */
  readonly before: number;
}

export function parameterOf<T extends Tensor>(parameters: ParameterTensors, name: string): T {
  const tensor = parameters.get(name);
  if (tensor === undefined) throw new Error(`Expected a parameter called ${name}`);
  return tensor as T;
}

/** @param before steps of the sequences that went before these T. */
export function timing(tf: TensorFlow, T: number, lengths: Int32Array, before = 0): Timing {
  const masks = Array.from({ length: T }, (_, t) => {
    if (lengths.every((length) => t < length)) return null;
    return tf.tensor2d(
      Float32Array.from(lengths, (length) => (t < length ? 1 : 0)),
      [lengths.length, 1],
    );
  });
  return { lengths, masks, before };
}

/** What one direction of one layer reads by. */
export interface Reading {
  readonly layer: LayerSpec;
  readonly direction: Direction;
  /** Of its parameters' names: "layer0.forward". */
  readonly prefix: string;
  /** null: as the layer says. */
  readonly initial: CellStates | null;
  /** Dropout on the recurrence, [N, size of the first state]; null: none. */
  readonly recurrentMask: Tensor2D | null;
  /** Targets by row that the cell is told in place of its state; left out: none. */
  readonly told?: readonly Int32Array[];
}

/** One direction of one layer over x [T, N, D]. */
export function runDirection(
  tf: TensorFlow,
  x: Tensor3D,
  parameters: ParameterTensors,
  reading: Reading,
  timing: Timing,
): DirectionPass {
  const { layer, direction, prefix, initial, recurrentMask, told } = reading;
  const cell = cellOf(layer);
  const given = stepParameters(tf, cell, parameters, prefix, recurrentMask);
  const projected = project(tf, x, parameters, prefix);
  if (cell.states.length === 0) return runAtOnce(tf, cell, projected, x, given, timing);

  const [T, N] = x.shape;
  const math = portableMath(tf);
  // TensorFlow.js cannot differentiate the unstacking of a single step.
  const inputs = T === 1 ? [projected] : (tf.unstack(tf.reshape(projected, [T, N, projected.shape[1]])) as Tensor2D[]);
  const first = initial ?? initialStates(tf, layer, cell, parameters, prefix, N);
  let states = first;
  const outputs = new Array<Tensor2D>(T);
  for (let step = 0; step < T; step++) {
    const t = direction === 'forward' ? step : T - 1 - step;
    const [output, ...after] = tf.tidy(() => {
      const before = told === undefined ? states : [toldState(tf, told, direction, t, timing, first[0]!)];
      const due = () => (cell.periods === null ? noPeriods() : dueUnits(tf, cell.periods, direction, t, timing));
      const result = cell.step(math, { ...given, projected: inputs[t]!, states: before, due });
      return masked(tf, timing.masks[t]!, before, result);
    }) as [Tensor2D, ...Tensor2D[]];
    states = after;
    outputs[t] = output;
  }
  const final = told === undefined ? states : [lastTold(tf, told, direction, timing.lengths, cell.outputs)];
  return { output: tf.stack(outputs) as Tensor3D, final };
}

/** [N, O]: what a reading is told before its step t, of rows at their first step the first state. */
function toldState(
  tf: TensorFlow,
  told: readonly Int32Array[],
  direction: Direction,
  t: number,
  { lengths }: Timing,
  first: Tensor2D,
): Tensor2D {
  const classes = told.map((labels, n) => toldClass(direction, t, labels, lengths[n]!));
  const reads = classes.map((told, n) => [told === null && t < lengths[n]! ? 1 : 0]);
  return tf.add(oneHotRows(tf, classes, first.shape[1]), tf.mul(tf.tensor2d(reads), first));
}
/** [N, O]: the target of a reading's last step. */
const lastTold = (
  tf: TensorFlow,
  told: readonly Int32Array[],
  direction: Direction,
  lengths: Int32Array,
  outputs: number,
): Tensor2D =>
  oneHotRows(
    tf,
    told.map((labels, n) => labels[lastTime(direction, lengths[n]!)]!),
    outputs,
  );
/** A row of zeros where there is no class. */
function oneHotRows(tf: TensorFlow, classes: readonly (number | null)[], columns: number): Tensor2D {
  const rows = new Float32Array(classes.length * columns);
  classes.forEach((label, n) => {
    if (label !== null) rows[n * columns + label] = 1;
  });
  return tf.tensor2d(rows, [classes.length, columns]);
}

/** A layer without memory: all steps are rows of one. */
function runAtOnce(
  tf: TensorFlow,
  cell: Cell,
  projected: Tensor2D,
  { shape: [T, N] }: Tensor3D,
  given: StepParameters,
  { masks }: Timing,
): DirectionPass {
  const { output } = cell.step(portableMath(tf), { ...given, projected, states: [], due: noPeriods });
  const rows = tf.reshape<Rank.R3>(output, [T, N, cell.outputs]);
  if (masks.every((mask) => mask === null)) return { output: rows, final: [] };
  const going = tf.stack(masks.map((mask) => mask ?? tf.ones<Rank.R2>([N, 1])));
  return { output: tf.mul(rows, going), final: [] };
}

type StepParameters = Pick<StepInputs<Tensor2D>, 'product' | 'vector'>;
/** The parameters inside the step, each made ready once for all steps. */
function stepParameters(
  tf: TensorFlow,
  cell: Cell,
  parameters: ParameterTensors,
  prefix: string,
  recurrentMask: Tensor2D | null,
): StepParameters {
  const thinned = new Set(
    recurrentMask === null
      ? []
      : productsOf(cell)
          .filter(({ isRecurrent }) => isRecurrent)
          .map(({ weights }) => weights),
  );
  const products = new Map(
    cell
      .parameters(1)
      .filter(({ role }) => role === 'product')
      .map(({ name, shape, mask }) => {
        const stored = parameterOf<Tensor2D>(parameters, `${prefix}.${name}`);
        const weights = mask === null ? stored : tf.mul<Tensor2D>(stored, tf.tensor(mask, [...shape]));
        return [name, { weights, transposed: tf.transpose(weights) }];
      }),
  );
  return {
    product: (name, a) => {
      const factor = products.get(name);
      if (factor === undefined) throw new Error(`Expected a product with weights called ${name}`);
      const heard = recurrentMask !== null && thinned.has(name) ? tf.mul<Tensor2D>(a, recurrentMask) : a;
      return product(tf, heard, factor.weights, factor.transposed);
    },
    vector: (name) => parameterOf<Tensor2D>(parameters, `${prefix}.${name}`),
  };
}

/** x·W + b for every step, [T·N, Z]. */
function project(tf: TensorFlow, x: Tensor3D, parameters: ParameterTensors, prefix: string): Tensor2D {
  const [T, N, D] = x.shape;
  const projected = product(
    tf,
    tf.reshape<Rank.R2>(x, [T * N, D]),
    parameterOf<Tensor2D>(parameters, `${prefix}.inputWeights`),
  );
  const bias = parameters.get(`${prefix}.bias`);
  return bias === undefined ? projected : tf.add(projected, bias);
}

function initialStates(
  tf: TensorFlow,
  layer: LayerSpec,
  cell: Cell,
  parameters: ParameterTensors,
  prefix: string,
  N: number,
): CellStates {
  return cell.states.map(({ name, size }) => {
    const zeros = tf.zeros<Rank.R2>([N, size]);
    return isInitialStateLearned(layer)
      ? tf.add(zeros, parameterOf(parameters, `${prefix}.${INITIAL_STATE_NAMES[name]}`))
      : zeros;
  });
}

/** [N, H]: 1 where a unit is updated at step t. */
function dueUnits(
  tf: TensorFlow,
  periods: readonly number[],
  direction: Direction,
  t: number,
  { lengths, before }: Timing,
): Tensor2D {
  const rows = [...lengths].map((length) => {
    const heard = before + stepsHeard(direction, t, length);
    return periods.map((period) => (heard % period === 0 ? 1 : 0));
  });
  return tf.tensor2d(rows);
}

/** [output, states] after a step that only the sequences still going take. */
function masked(
  tf: TensorFlow,
  mask: Tensor2D | null,
  before: CellStates,
  after: { readonly states: CellStates; readonly output: Tensor2D },
): Tensor2D[] {
  // A tidy's results are tensors of their own: the same one twice would be disposed twice.
  if (mask === null) return [tf.clone(after.output), ...after.states];
  const ended = tf.sub<Tensor2D>(1, mask);
  const states = after.states.map((state, index) =>
    tf.add<Tensor2D>(tf.mul(mask, state), tf.mul(ended, before[index]!)),
  );
  return [tf.mul(mask, after.output), ...states];
}

/**
 * All layers over x [T, N, D].
 * @returns [T, N, size of the last layer]
 */
export function runLayers(
  tf: TensorFlow,
  layers: readonly LayerSpec[],
  x: Tensor3D,
  parameters: ParameterTensors,
  timing: Timing,
  { dropout, initial, recurrentMask, onFinal, teacher }: LayerOptions,
): Tensor3D {
  return layers.reduce((input, layer, index) => {
    const outputs = directionsOf(layer).map((direction) => {
      const prefix = `layer${index}.${direction}`;
      const reading = {
        layer,
        direction,
        prefix,
        initial: initial?.(prefix) ?? null,
        recurrentMask: recurrentMask?.(layer, index, direction) ?? null,
        ...(teacher !== undefined && isTaught(layer, teacher.head) && { told: teacher.labels }),
      };
      const pass = runDirection(tf, input, parameters, reading, timing);
      onFinal?.(prefix, pass.final);
      return pass.output;
    });
    const output = isConcatenated(layer) ? tf.concat3d(outputs, 2) : outputs.reduce((sum, other) => tf.add(sum, other));
    return dropout === null ? output : dropout(output, index);
  }, x);
}

/** logits = x·W + b over x [T, N, inputs] → [T, N, C] */
export function runHead(tf: TensorFlow, x: Tensor3D, parameters: ParameterTensors): Tensor3D {
  const [T, N, inputs] = x.shape;
  const weights = parameterOf<Tensor2D>(parameters, 'head.weights');
  const rows = tf.reshape<Rank.R2>(x, [T * N, inputs]);
  const logits = tf.add(product(tf, rows, weights), parameterOf(parameters, 'head.bias'));
  return tf.reshape(logits, [T, N, weights.shape[1]]);
}
