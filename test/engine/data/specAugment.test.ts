import fc from 'fast-check';
import { expect, it } from 'vitest';
import { maskFrames } from '../../../engine/data/specAugment';
import { makeRandom } from '../../../engine/runtime/random';
import { trainingConfigSchema, type Augmentation } from '../../../app/contract/trainingConfig';

const shape = { dimension: 6, coefficients: 3 };
const masks = (changes: Partial<Augmentation>): Augmentation => ({
  ...trainingConfigSchema.shape.augmentation.parse({}),
  timeMasks: 0,
  coefficientMasks: 0,
  ...changes,
});
const masked = (count: number, augmentation: Augmentation, seed: number): number[][] => {
  const frames = new Float32Array(count * 6).fill(1);
  maskFrames(frames, shape, augmentation, makeRandom(seed));
  return Array.from({ length: count }, (_, t) => [...frames.subarray(t * 6, t * 6 + 6)]);
};

it('hides whole frames in one stretch of at most the wanted length', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 50, max: 100 }), (seed, count) => {
      const hidden = masked(count, masks({ timeMasks: 1, timeMaskFrames: 8 }), seed).map((frame) => frame.join(''));
      expect(hidden.join(' ')).toMatch(/^(111111 ?)*(000000 ?){0,8}(111111 ?)*$/);
    }),
  );
});

it('hides at most a fifth of a short utterance by one mask', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const hidden = masked(10, masks({ timeMasks: 1, timeMaskFrames: 100 }), seed).filter((frame) => frame[0] === 0);
      expect(hidden.length).toBeLessThanOrEqual(2);
    }),
  );
});

it('hides a coefficient in every frame together with its deltas', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const frames = masked(5, masks({ coefficientMasks: 1, coefficientMaskWidth: 2 }), seed);
      const first = frames[0] ?? [];
      expect(frames).toEqual(new Array(5).fill(first));
      expect(first.slice(0, 3)).toEqual(first.slice(3));
      expect(first.slice(0, 3).filter((value) => value === 0).length).toBeLessThanOrEqual(2);
    }),
  );
});

it('hides something in most utterances', () => {
  const hidden = Array.from({ length: 50 }, (_, seed) =>
    masked(60, masks({ timeMasks: 2, timeMaskFrames: 12 }), seed).some((frame) => frame[0] === 0),
  );
  expect(hidden.filter(Boolean).length).toBeGreaterThan(35);
});

it('leaves frames alone where no mask is wanted', () => {
  expect(masked(4, masks({}), 1).flat()).toEqual(new Array(24).fill(1));
});
