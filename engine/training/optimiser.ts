// Clipping, AdamW and weight averaging on plain arrays: the portable rungs' update, the plain reading of the compiled one, and
// the constants of both.

export const ADAM_BETA1 = 0.9;
export const ADAM_BETA2 = 0.999;
export const ADAM_EPSILON = 1e-8;
/** As torch.nn.utils.clip_grad_norm_. */
export const CLIP_EPSILON = 1e-6;

/** What an update does beside following the gradient; fixed when a program is opened. */
export interface UpdateRule {
  /** Decay of the weights' running average, in [0, 1); 0: no average is kept. */
  readonly averageDecay: number;
}
export const PLAIN_UPDATE: UpdateRule = { averageDecay: 0 };

/** What an optimiser keeps of each parameter from update to update. */
export type Slot = 'moment1' | 'moment2' | 'average';
/** The slots that a rule needs, in their fixed order. */
export const slotsOf = ({ averageDecay }: UpdateRule): readonly Slot[] =>
  averageDecay > 0 ? ['moment1', 'moment2', 'average'] : ['moment1', 'moment2'];

type Numbers = Float32Array | Float64Array;

/** √Σg² over all gradients together. */
export function globalNorm(gradients: Iterable<Numbers>): number {
  let sum = 0;
  for (const gradient of gradients) for (const value of gradient) sum += value * value;
  return Math.sqrt(sum);
}

/** What gradients of this norm are multiplied by (Pascanu, Mikolov & Bengio 2013); Infinity as the threshold: 1. */
export const clipFactor = (norm: number, maxNorm: number): number => Math.min(1, maxNorm / (norm + CLIP_EPSILON));

export interface AdamWOptions {
  readonly learningRate: number;
  /** Decoupled from the gradient; 0: plain Adam. */
  readonly weightDecay: number;
  /** Number of this update, from 1. */
  readonly step: number;
  /** The gradient is multiplied by this first: the clip factor. */
  readonly gradientFactor: number;
}

/** One parameter's update in place, moments included (Kingma & Ba 2015; Loshchilov & Hutter 2019). */
export function adamWStep(
  values: Numbers,
  gradient: Numbers,
  moment1: Numbers,
  moment2: Numbers,
  { learningRate, weightDecay, step, gradientFactor }: AdamWOptions,
): void {
  const decay = 1 - learningRate * weightDecay;
  const alpha = learningRate / (1 - ADAM_BETA1 ** step);
  const correction2 = Math.sqrt(1 - ADAM_BETA2 ** step);
  for (let i = 0; i < values.length; i++) {
    const g = gradient[i]! * gradientFactor;
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
