import { describe, expect, it } from 'vitest';
import { clip, clipFactor, globalNorm } from '../../../engine/training/clipping';
import type { Clipping } from '../../../app/contract/trainingConfig';
import { expectClose, flat, readReference, type Nested } from '../network/fixtures';

const reference = readReference<{
  readonly grads: readonly Nested[];
  readonly maxNorm: number;
  readonly globalNorm: number;
  readonly clippedByNorm: readonly Nested[];
  readonly clipValue: number;
  readonly clippedByValue: readonly Nested[];
}>('gradient-clipping');

describe('clipping', () => {
  const clipped = (clipping: Clipping): Float32Array[] => {
    const gradients = reference.grads.map(flat);
    clip(gradients, globalNorm(gradients), clipping);
    return gradients;
  };

  it('measures the norm of all gradients together', () => {
    expect(globalNorm(reference.grads.map(flat))).toBeCloseTo(reference.globalNorm, 6);
  });
  it.each([
    ['by the global norm shrinks all', { kind: 'norm', threshold: reference.maxNorm }, reference.clippedByNorm],
    ['by value limits each', { kind: 'value', threshold: reference.clipValue }, reference.clippedByValue],
    ['can be switched off', { kind: 'none' }, reference.grads],
  ] as const)('%s as PyTorch does', (_, clipping, expected) => {
    clipped(clipping).forEach((gradient, k) => expectClose(gradient, flat(expected[k]!), 1e-6));
  });
  it('leaves small gradients alone', () => expect(clipFactor(0.5, 1)).toBe(1));
});
