// The error surface of one unit that is fed back to itself, over its weight and its bias: plains, and a wall between them.
// After Pascanu, Mikolov & Bengio, "On the difficulty of training recurrent neural networks", ICML 2013, section 2.3 and figure 6.
//
//   x[t] = w·σ(x[t−1]) + b,  x[0] = ½        E = (σ(x[T]) − target)²
import type { ResultOf, SettingsOf } from '../../app/contract/lab';
import type { Descent } from '../../app/contract/labExperiments';
import type { Clipping, OptimizerSettings } from '../../app/contract/trainingConfig';
import { unreachable } from '../../app/errors';
import { clip, globalNorm } from '../training/clipping';
import { updateStep } from '../training/optimiser';
import type { Slot } from '../training/trainingRule';
import { median, numberOrNull } from './numbers';

const FIRST = 0.5;

export interface SurfacePoint {
  /** E */
  readonly error: number;
  /** dE/dw and dE/db */
  readonly slopes: readonly [number, number];
}

/** E and its gradient at one weight and bias, by the derivatives of x[t] carried along with it. */
export function surfacePoint(w: number, b: number, steps: number, target: number): SurfacePoint {
  let [x, dw, db] = [FIRST, 0, 0];
  for (let t = 0; t < steps; t++) {
    const y = sigmoid(x);
    const slope = w * y * (1 - y);
    [dw, db] = [y + slope * dw, 1 + slope * db];
    x = w * y + b;
  }
  const y = sigmoid(x);
  const outer = 2 * (y - target) * y * (1 - y);
  return { error: (y - target) ** 2, slopes: [outer * dw, outer * db] };
}

export function surface(settings: SettingsOf<'surface'>): ResultOf<'surface'> {
  const { steps, target, grid, weightFrom, weightTo, biasFrom, biasTo } = settings;
  const along = (from: number, to: number, k: number): number => from + ((to - from) * k) / (grid - 1);
  const errors = new Float32Array(grid * grid);
  const gradientNorms = new Float32Array(grid * grid);
  let steepest = { weight: weightFrom, bias: biasFrom, gradientNorm: -1 };
  for (let row = 0; row < grid; row++) {
    for (let column = 0; column < grid; column++) {
      const [weight, bias] = [along(weightFrom, weightTo, row), along(biasFrom, biasTo, column)];
      const { error, slopes } = surfacePoint(weight, bias, steps, target);
      const gradientNorm = Math.hypot(...slopes);
      errors[row * grid + column] = error;
      gradientNorms[row * grid + column] = gradientNorm;
      if (gradientNorm > steepest.gradientNorm) steepest = { weight, bias, gradientNorm };
    }
  }
  return {
    errors,
    gradientNorms,
    steepest,
    cliffRatio: numberOrNull(steepest.gradientNorm / median(gradientNorms)),
    asItIs: descent(settings, { kind: 'none' }),
    clipped: descent(settings, settings.clipping),
  };
}

/** A ball's way down, by the optimisers and the clipping that networks are trained with. */
function descent(
  { steps, target, weight, bias, learningRate, optimizer, descents }: SettingsOf<'surface'>,
  clipping: Clipping,
): Descent {
  const values = Float64Array.of(weight, bias);
  const slots = new Map<Slot, Float64Array>();
  const slot = (name: Slot): Float64Array => {
    const kept = slots.get(name) ?? new Float64Array(2);
    slots.set(name, kept);
    return kept;
  };
  const way: Descent = {
    weights: [weight],
    biases: [bias],
    errors: [surfacePoint(weight, bias, steps, target).error],
    gradientNorms: [],
    isClipped: [],
    longestStep: 0,
  };
  for (let step = 1; step <= descents; step++) {
    const [w, b] = values as unknown as [number, number];
    const gradient = Float64Array.from(surfacePoint(w, b, steps, target).slopes);
    const norm = globalNorm([gradient]);
    const before = gradient.slice();
    clip([gradient], norm, clipping);
    updateStep(optimizerOf(optimizer), values, gradient, slot, { learningRate, step });
    const [nextW, nextB] = values as unknown as [number, number];
    const { error } = surfacePoint(nextW, nextB, steps, target);
    if (![nextW, nextB, error].every(Number.isFinite)) break;
    way.weights.push(nextW);
    way.biases.push(nextB);
    way.errors.push(error);
    way.gradientNorms.push(norm);
    way.isClipped.push(before.some((value, k) => value !== gradient[k]));
    way.longestStep = Math.max(way.longestStep, Math.hypot(nextW - w, nextB - b));
  }
  return way;
}

function optimizerOf(name: SettingsOf<'surface'>['optimizer']): OptimizerSettings {
  switch (name) {
    case 'sgd':
      return { kind: 'sgd', momentum: 0 };
    case 'momentum':
      return { kind: 'sgd', momentum: 0.9 };
    case 'adam':
      return { kind: 'adam' };
    default:
      return unreachable(name);
  }
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
