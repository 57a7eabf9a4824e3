import fc from 'fast-check';
import { expect, it } from 'vitest';
import { UnrollError } from '../../../../app/errors';
import { readSafetensors, writeSafetensors } from '../../../../engine/library/safetensors';
import { sampleParameters, sampleShapes } from '../sample';

const whole = writeSafetensors(sampleParameters.values(), { dtype: 'F32', metadata: { format: 'unroll' } });
const headerEnd = 8 + new DataView(whole.buffer).getUint32(0, true);

/** Reads, or is refused as a model file; everything else is a crash. */
function readsOrRefuses(bytes: Uint8Array): void {
  try {
    const parameters = readSafetensors(bytes, sampleShapes);
    for (const { values } of parameters.values()) expect(values.every(Number.isFinite)).toBe(true);
  } catch (error) {
    expect(error).toBeInstanceOf(UnrollError);
    expect((error as UnrollError).code).toBe('model.invalid');
  }
}

const change = (end: number) =>
  fc.tuple(
    fc.integer({ min: 0, max: end - 1 }),
    fc.oneof(fc.constantFrom(...'0123456789[]{}",:-eF'), fc.integer({ min: 0, max: 255 })),
  );
const byteOf = (value: string | number): number => (typeof value === 'string' ? value.charCodeAt(0) : value);

it('mutated bytes anywhere never crash the reader', () => {
  fc.assert(
    fc.property(fc.array(change(whole.length), { minLength: 1, maxLength: 8 }), (changes) => {
      const bytes = whole.slice();
      for (const [at, value] of changes) bytes[at] = byteOf(value);
      readsOrRefuses(bytes);
    }),
    { numRuns: 2000 },
  );
});

it('a mutated header never crashes the reader', () => {
  fc.assert(
    fc.property(fc.array(change(headerEnd), { minLength: 1, maxLength: 3 }), (changes) => {
      const bytes = whole.slice();
      for (const [at, value] of changes) bytes[at] = byteOf(value);
      readsOrRefuses(bytes);
    }),
    { numRuns: 2000 },
  );
});

it('a file cut short or grown never crashes the reader', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole.length }), fc.uint8Array({ maxLength: 64 }), (end, more) => {
      readsOrRefuses(Uint8Array.from([...whole.subarray(0, end), ...more]));
    }),
    { numRuns: 1000 },
  );
});
