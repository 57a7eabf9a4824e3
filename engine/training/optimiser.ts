// Clipping and AdamW on plain arrays: the portable rungs' update, the plain reading of the compiled one, and the constants of
// both.

export const ADAM_BETA1 = 0.9;
export const ADAM_BETA2 = 0.999;
export const ADAM_EPSILON = 1e-8;
/** As torch.nn.utils.clip_grad_norm_. */
export const CLIP_EPSILON = 1e-6;

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
