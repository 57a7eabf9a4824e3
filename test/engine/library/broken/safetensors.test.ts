import { describe, expect, it } from 'vitest';
import { UnrollError } from '../../../../app/errors';
import { readSafetensors, writeSafetensors } from '../../../../engine/library/safetensors';
import type { ParameterShape } from '../../../../engine/network/parameters';

const EXPECTED: readonly ParameterShape[] = [
  { name: 'weights', shape: [2, 3] },
  { name: 'bias', shape: [3] },
];
const WEIGHTS = { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] };
const BIAS = { dtype: 'F32', shape: [3], data_offsets: [24, 36] };

/** A file with this header, whatever it says, and so many bytes of zeros. */
function fileOf(header: unknown, dataBytes = 36): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}
function withHeaderLength(length: bigint): Uint8Array {
  const bytes = fileOf({ weights: WEIGHTS, bias: BIAS });
  new DataView(bytes.buffer).setBigUint64(0, length, true);
  return bytes;
}
function withValue(value: number): Uint8Array {
  const bytes = fileOf({ weights: WEIGHTS, bias: BIAS });
  new DataView(bytes.buffer).setFloat32(bytes.length - 4, value, true);
  return bytes;
}
function halfInfinity(): Uint8Array {
  const values = (length: number): Float32Array => new Float32Array(length);
  const bytes = writeSafetensors(
    EXPECTED.map(({ name, shape }) => ({ name, shape, values: values(name === 'bias' ? 3 : 6) })),
    { dtype: 'F16' },
  );
  new DataView(bytes.buffer).setUint16(bytes.length - 2, 0x7c00, true);
  return bytes;
}

const broken: readonly (readonly [name: string, bytes: Uint8Array, says: string])[] = [
  ['an empty file', new Uint8Array(0), 'too short'],
  ['a file of seven bytes', new Uint8Array(7), 'too short'],
  ['a header of more than 1 MiB', withHeaderLength(BigInt((1 << 20) + 1)), '1 MiB'],
  ['a header length beyond all numbers', withHeaderLength(2n ** 64n - 1n), '1 MiB'],
  ['a header longer than the file', withHeaderLength(5000n), 'ends inside its header'],
  ['a header that is no JSON', fileOf('{"weights":'), 'not valid JSON'],
  ['an empty header', fileOf(''), 'not valid JSON'],
  ['a header that is no object', fileOf('[1]'), 'not a JSON object'],
  ['a header of null', fileOf('null'), 'not a JSON object'],
  ['metadata that is no text', fileOf({ __metadata__: { a: 1 }, weights: WEIGHTS, bias: BIAS }), 'metadata'],
  ['doubles', fileOf({ weights: { ...WEIGHTS, dtype: 'F64' }, bias: BIAS }), 'only F32 and F16'],
  ['whole numbers', fileOf({ weights: { ...WEIGHTS, dtype: 'I32' }, bias: BIAS }), 'only F32 and F16'],
  ['a tensor without a shape', fileOf({ weights: { dtype: 'F32', data_offsets: [0, 24] }, bias: BIAS }), 'shape'],
  ['a negative size', fileOf({ weights: { ...WEIGHTS, shape: [-2, -3] }, bias: BIAS }), 'shape.0'],
  ['a fractional size', fileOf({ weights: { ...WEIGHTS, shape: [1.5, 4] }, bias: BIAS }), 'shape.0'],
  ['a size beyond exact numbers', fileOf({ weights: { ...WEIGHTS, shape: [2 ** 60, 3] }, bias: BIAS }), 'shape.0'],
  ['a further field', fileOf({ weights: { ...WEIGHTS, code: 'x' }, bias: BIAS }), 'weights'],
  ['one offset', fileOf({ weights: { ...WEIGHTS, data_offsets: [0] }, bias: BIAS }), 'data_offsets'],
  ['a tensor that the network lacks', fileOf({ weights: WEIGHTS, bias: BIAS, more: BIAS }), '"more"'],
  ['a missing tensor', fileOf({ weights: WEIGHTS }, 24), 'bias is missing'],
  ['no tensors', fileOf('{}', 0), 'weights is missing'],
  ['another shape', fileOf({ weights: { ...WEIGHTS, shape: [3, 2] }, bias: BIAS }), '[3, 2]'],
  ['another rank', fileOf({ weights: { ...WEIGHTS, shape: [6] }, bias: BIAS }), '[6]'],
  ['overlapping tensors', fileOf({ weights: WEIGHTS, bias: { ...BIAS, data_offsets: [20, 32] } }), 'overlaps'],
  ['a gap between tensors', fileOf({ weights: WEIGHTS, bias: { ...BIAS, data_offsets: [28, 40] } }, 40), 'gap'],
  ['a gap at the start', fileOf({ weights: { ...WEIGHTS, data_offsets: [4, 28] }, bias: BIAS }), 'gap'],
  ['offsets past the end', fileOf({ weights: WEIGHTS, bias: BIAS }, 30), 'ends inside bias'],
  ['offsets the wrong way round', fileOf({ weights: { ...WEIGHTS, data_offsets: [0, 0] }, bias: BIAS }), 'disagree'],
  ['offsets that leave room', fileOf({ weights: WEIGHTS, bias: { ...BIAS, data_offsets: [24, 40] } }, 40), 'disagree'],
  ['bytes after the last tensor', fileOf({ weights: WEIGHTS, bias: BIAS }, 40), 'after the last'],
  ['a NaN', withValue(NaN), 'not a finite number'],
  ['an infinity', withValue(-Infinity), 'not a finite number'],
  ['an infinity in half precision', halfInfinity(), 'not a finite number'],
  ['a renamed text file', new TextEncoder().encode('These are not the weights that you look for.'), '1 MiB'],
];

describe('a weights file is refused with a sentence', () => {
  it.each(broken)('%s', (_, bytes, says) => {
    let error: unknown;
    try {
      readSafetensors(bytes, EXPECTED, 'digits');
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(UnrollError);
    expect((error as UnrollError).code).toBe('model.invalid');
    expect((error as UnrollError).message).toContain('The model digits cannot be used. weights.safetensors: ');
    expect((error as UnrollError).message).toContain(says);
  });

  it('but the same file whole is read', () => {
    expect(readSafetensors(fileOf({ weights: WEIGHTS, bias: BIAS }), EXPECTED).size).toBe(2);
  });

  it('and a product of sizes that overflows is refused', () => {
    const huge = [2 ** 30, 2 ** 30, 2 ** 30];
    const bytes = fileOf({ weights: { dtype: 'F32', shape: huge, data_offsets: [0, 0] } }, 0);
    expect(() => readSafetensors(bytes, [{ name: 'weights', shape: huge }])).toThrow('disagree');
  });

  it('and a stranger’s long name is not repeated whole', () => {
    const bytes = fileOf({ ['x'.repeat(5000)]: WEIGHTS, bias: BIAS });
    expect(() => readSafetensors(bytes, EXPECTED)).toThrow(/^.{1,300}$/);
  });
});
