import { describe, expect, test } from 'vitest';
import { nativeLibrary } from '../../../engine/runtime/native';
import { liveHandles, readFloats, withHandles } from '../../../engine/runtime/tensors';

describe('a scope', () => {
  test('deletes everything made in it', () => {
    const before = liveHandles();
    withHandles((scope) => {
      const one = scope.float(1);
      scope.run('AddV2', [], [one, one], 1);
      expect(liveHandles()).toBe(before + 2);
    });
    expect(liveHandles()).toBe(before);
  });
  test('deletes everything when its work throws', () => {
    const before = liveHandles();
    const work = () =>
      withHandles((scope) => {
        scope.float(1);
        throw new Error('in the middle');
      });
    expect(work).toThrow('in the middle');
    expect(liveHandles()).toBe(before);
  });
  test('lets a released tensor live', () => {
    const kept = withHandles((scope) => scope.release(scope.copied([2], Float32Array.of(3, 4))));
    expect(readFloats(kept)).toEqual(Float32Array.of(3, 4));
    nativeLibrary().deleteTensor(kept);
  });
  test('releases only what is its own', () => {
    withHandles((outer) => {
      const handle = outer.float(1);
      expect(() => withHandles((inner) => inner.release(handle))).toThrow('Expected a tensor of this scope');
    });
  });
  test('a copied tensor keeps every bit', () => {
    const values = Float32Array.of(-0, 1e-45, Infinity, -1.1);
    withHandles((scope) => expect(readFloats(scope.copied([4], values))).toEqual(values));
  });
  test('a copied tensor does not see later writes into the array', () => {
    const values = Float32Array.of(1, 2);
    withHandles((scope) => {
      const copy = scope.copied([2], values);
      values[0] = 9;
      expect(readFloats(copy)).toEqual(Float32Array.of(1, 2));
    });
  });
});
