// Optimisers and weight averaging on plain arrays: the portable rungs' update, the plain reading of the compiled one, and the
// constants of both. Letters: g gradient, ρ decay of the mean square, ε against division by zero.
import { unreachable } from '../../app/errors';
import type { OptimizerSettings } from '../../app/contract/trainingConfig';
import type { Slot } from './trainingRule';

export const ADAM_BETA1 = 0.9;
export const ADAM_BETA2 = 0.999;
export const ADAM_EPSILON = 1e-8;
export const RMSPROP_EPSILON = 1e-8;

export type Numbers = Float32Array | Float64Array;

export interface UpdateAt {
  readonly learningRate: number;
  /** Number of this update, from 1. */
  readonly step: number;
}

/**
 * One parameter's update in place.
 * @param slot what the optimiser keeps of this parameter; changed in place too.
 */
export function updateStep(
  optimizer: OptimizerSettings,
  values: Numbers,
  gradient: Numbers,
  slot: (name: Slot) => Numbers,
  at: UpdateAt,
): void {
  switch (optimizer.kind) {
    case 'sgd':
      return momentumStep(values, gradient, slot('velocity'), optimizer.momentum, at);
    case 'rmsprop':
      return rmspropStep(values, gradient, slot('meanSquare'), optimizer.squareDecay, at);
    case 'adam':
      return adamStep(values, gradient, slot('moment1'), slot('moment2'), 0, at);
    case 'adamw':
      return adamStep(values, gradient, slot('moment1'), slot('moment2'), optimizer.weightDecay, at);
    default:
      return unreachable(optimizer);
  }
}

/** Gradient descent with momentum (Polyak 1964, in the form of Sutskever et al. 2013 without Nesterov's step ahead). */
function momentumStep(
  values: Numbers,
  gradient: Numbers,
  velocity: Numbers,
  momentum: number,
  { learningRate }: UpdateAt,
): void {
  for (let i = 0; i < values.length; i++) {
    velocity[i] = momentum * velocity[i]! + gradient[i]!;
    values[i] = values[i]! - learningRate * velocity[i]!;
  }
}

/** RMSprop (Tieleman & Hinton 2012), ε outside the root as in PyTorch. */
function rmspropStep(
  values: Numbers,
  gradient: Numbers,
  meanSquare: Numbers,
  rho: number,
  { learningRate }: UpdateAt,
): void {
  for (let i = 0; i < values.length; i++) {
    const g = gradient[i]!;
    meanSquare[i] = rho * meanSquare[i]! + (1 - rho) * g * g;
    values[i] = values[i]! - (learningRate * g) / (Math.sqrt(meanSquare[i]!) + RMSPROP_EPSILON);
  }
}

/** Adam (Kingma & Ba 2015), with decoupled weight decay AdamW (Loshchilov & Hutter 2019). */
function adamStep(
  values: Numbers,
  gradient: Numbers,
  moment1: Numbers,
  moment2: Numbers,
  weightDecay: number,
  { learningRate, step }: UpdateAt,
): void {
  const decay = 1 - learningRate * weightDecay;
  const alpha = learningRate / (1 - ADAM_BETA1 ** step);
  const correction2 = Math.sqrt(1 - ADAM_BETA2 ** step);
  for (let i = 0; i < values.length; i++) {
    const g = gradient[i]!;
    moment1[i] = ADAM_BETA1 * moment1[i]! + (1 - ADAM_BETA1) * g;
    moment2[i] = ADAM_BETA2 * moment2[i]! + (1 - ADAM_BETA2) * g * g;
    const denominator = Math.sqrt(moment2[i]!) / correction2 + ADAM_EPSILON;
    values[i] = decay * values[i]! - (alpha * moment1[i]!) / denominator;
  }
}

/**
 * The average's decay at update number `step` (from 1): smaller at the start, so that the initial parameters are soon
 * forgotten (as TensorFlow's ExponentialMovingAverage).
 */
export const averageDecayAt = (decay: number, step: number): number => Math.min(decay, (1 + step) / (10 + step));

/** Moves the running average of the parameters towards `values`, in place (Polyak & Juditsky 1992, exponentially weighted). */
export function averageStep(average: Numbers, values: Numbers, decay: number): void {
  for (let i = 0; i < values.length; i++) average[i] = average[i]! + (1 - decay) * (values[i]! - average[i]!);
}
