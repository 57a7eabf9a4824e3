// Stacked LSTM layers over padded sequences, as ordinary TensorFlow.js operations.
//
// Letters: T steps, N sequences, D inputs, H units. Past a sequence's end its state stands still and its output is zero, so the
// reverse direction, which comes from there, starts at each sequence's own last step.
import type { Rank, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { Direction, LayerSpec } from '../../app/contract/network';
import { LSTM_GATES, lstmStep } from '../cells/lstm';
import { directionsOf } from './parameters';
import type { TensorFlow } from './portableBackend';
import { portableMath } from './portableMath';
import { product } from './portableProduct';

/** Parameters by name, as tensors. */
export type ParameterTensors = ReadonlyMap<string, Tensor>;

export interface LstmState {
  /** [N, H] */
  readonly h: Tensor2D;
  /** [N, H] */
  readonly c: Tensor2D;
}
export interface DirectionPass {
  /** [T, N, H] */
  readonly output: Tensor3D;
  readonly final: LstmState;
}
export interface LayerOptions {
  /** Multiplies a layer's output [T, N, ·] by a mask; null: none. */
  readonly dropout: ((output: Tensor3D, layer: number) => Tensor3D) | null;
  /** State before the first step, by the prefix of a direction's parameters ("layer0.forward"); missing: zeros. */
  readonly initial?: (prefix: string) => LstmState;
}
/** By step: 1 where a sequence is still going, else 0, [N, 1]; null where all are. */
export type StepMasks = readonly (Tensor2D | null)[];

export function parameterOf<T extends Tensor>(parameters: ParameterTensors, name: string): T {
  const tensor = parameters.get(name);
  if (tensor === undefined) throw new Error(`Expected a parameter called ${name}`);
  return tensor as T;
}

export function stepMasks(tf: TensorFlow, T: number, lengths: Int32Array): StepMasks {
  return Array.from({ length: T }, (_, t) => {
    if (lengths.every((length) => t < length)) return null;
    return tf.tensor2d(
      Float32Array.from(lengths, (length) => (t < length ? 1 : 0)),
      [lengths.length, 1],
    );
  });
}

/**
 * One direction of one layer over x [T, N, D].
 * @param prefix of its parameters' names: "layer0.forward".
 * @param initial null: zeros.
 */
export function runDirection(
  tf: TensorFlow,
  x: Tensor3D,
  parameters: ParameterTensors,
  prefix: string,
  direction: Direction,
  masks: StepMasks,
  initial: LstmState | null,
): DirectionPass {
  const math = portableMath(tf);
  const recurrentWeights = parameterOf<Tensor2D>(parameters, `${prefix}.recurrentWeights`);
  const transposed = tf.transpose(recurrentWeights);
  const [T, N] = x.shape;
  const H = recurrentWeights.shape[0];
  // All steps' share of the input in one product.
  const projected = project(tf, x, parameters, prefix);
  const inputs = tf.unstack(tf.reshape(projected, [T, N, LSTM_GATES.length * H])) as Tensor2D[];

  let state: LstmState = initial ?? { h: tf.zeros([N, H]), c: tf.zeros([N, H]) };
  const outputs = new Array<Tensor2D>(T);
  for (let step = 0; step < T; step++) {
    const t = direction === 'forward' ? step : T - 1 - step;
    const [h, c, output] = tf.tidy(() => {
      const z = tf.add<Tensor2D>(inputs[t]!, product(tf, state.h, recurrentWeights, transposed));
      return masked(tf, masks[t]!, state, lstmStep(math, z, state.c));
    });
    state = { h, c };
    outputs[t] = output;
  }
  return { output: tf.stack(outputs) as Tensor3D, final: state };
}

/** x·Wx + b for every step, [T·N, 4H]. */
function project(tf: TensorFlow, x: Tensor3D, parameters: ParameterTensors, prefix: string): Tensor2D {
  const [T, N, D] = x.shape;
  const projected = product(
    tf,
    tf.reshape<Rank.R2>(x, [T * N, D]),
    parameterOf<Tensor2D>(parameters, `${prefix}.inputWeights`),
  );
  return tf.add(projected, parameterOf(parameters, `${prefix}.bias`));
}

/** [h, c, output] after a step that only the sequences still going take. */
function masked(
  tf: TensorFlow,
  mask: Tensor2D | null,
  before: LstmState,
  after: LstmState,
): [h: Tensor2D, c: Tensor2D, output: Tensor2D] {
  // A tidy's results are tensors of their own: the same one twice would be disposed twice.
  if (mask === null) return [after.h, after.c, tf.clone(after.h)];
  const ended = tf.sub<Tensor2D>(1, mask);
  const output = tf.mul<Tensor2D>(mask, after.h);
  return [tf.add(output, tf.mul(ended, before.h)), tf.add(tf.mul(mask, after.c), tf.mul(ended, before.c)), output];
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
  masks: StepMasks,
  { dropout, initial }: LayerOptions,
): Tensor3D {
  return layers.reduce((input, layer, index) => {
    const outputs = directionsOf(layer).map((direction) => {
      const prefix = `layer${index}.${direction}`;
      const state = initial?.(prefix) ?? null;
      return runDirection(tf, input, parameters, prefix, direction, masks, state).output;
    });
    const output = outputs.length === 1 ? outputs[0]! : tf.concat3d(outputs, 2);
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
