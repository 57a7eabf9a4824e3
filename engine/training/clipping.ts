// Clipping of gradients on plain arrays: the portable rungs' reading, and the plain one of the compiled rung.
import { unreachable } from '../../app/errors';
import type { Numbers } from './optimiser';
import type { Clipping } from '../../app/contract/trainingConfig';

/** As torch.nn.utils.clip_grad_norm_. */
export const CLIP_EPSILON = 1e-6;

/** √Σg² over all gradients together. */
export function globalNorm(gradients: Iterable<Numbers>): number {
  let sum = 0;
  for (const gradient of gradients) for (const value of gradient) sum += value * value;
  return Math.sqrt(sum);
}

/** What gradients of this norm are multiplied by (Pascanu, Mikolov & Bengio 2013). */
export const clipFactor = (norm: number, threshold: number): number => Math.min(1, threshold / (norm + CLIP_EPSILON));

/**
 * Clips gradients in place. By value: what is above the threshold becomes the threshold, above or below zero. By norm: all are
 * shrunk together.
 * @param norm of all gradients together
 */
export function clip(gradients: readonly Numbers[], norm: number, clipping: Clipping): void {
  switch (clipping.kind) {
    case 'none':
      return;
    case 'value': {
      const { threshold } = clipping;
      eachValue(gradients, (value) => Math.max(-threshold, Math.min(threshold, value)));
      return;
    }
    case 'norm': {
      const factor = clipFactor(norm, clipping.threshold);
      if (factor < 1) eachValue(gradients, (value) => value * factor);
      return;
    }
    default:
      unreachable(clipping);
  }
}

function eachValue(gradients: readonly Numbers[], change: (value: number) => number): void {
  for (const gradient of gradients) for (let i = 0; i < gradient.length; i++) gradient[i] = change(gradient[i]!);
}
