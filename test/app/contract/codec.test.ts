import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from '../../../app/contract/codec';

const typedArray = fc.oneof(
  fc.float32Array({ maxLength: 9 }),
  fc.float64Array({ maxLength: 9 }),
  fc.int16Array({ maxLength: 9 }),
  fc.int32Array({ maxLength: 9 }),
  fc.uint8Array({ maxLength: 9 }),
);
// JSON knows no -0 and no undefined; a message of the contract holds neither.
const key = fc.string({ maxLength: 8 }).filter((name) => name !== '__proto__' && name !== '$array');
const plain = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const { message } = fc.letrec((tie) => ({
  message: fc.oneof(
    { maxDepth: 4 },
    plain,
    typedArray,
    fc.array(tie('message'), { maxLength: 4 }),
    fc.dictionary(key, tie('message'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

/** A message as it lies on the wire: JSON text, padding, bytes. */
function wire(json: string, tail: readonly number[] = []): Uint8Array {
  const text = new TextEncoder().encode(json);
  const base = Math.ceil((4 + text.length) / 8) * 8;
  const bytes = new Uint8Array(base + tail.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  bytes.set(tail, base);
  return bytes;
}

describe('the codec', () => {
  it('gives back every message it was given', () => {
    fc.assert(
      fc.property(message, (sent) => {
        expect(decodeMessage(encodeMessage(sent))).toEqual(sent);
      }),
    );
  });

  it('decodes from any offset of a larger buffer', () => {
    const encoded = encodeMessage({ pcm: Int16Array.of(1, -2, 3) });
    const larger = new Uint8Array(encoded.length + 3);
    larger.set(encoded, 3);
    expect(decodeMessage(larger.subarray(3))).toEqual({ pcm: Int16Array.of(1, -2, 3) });
  });

  it('decodes what Node’s own buffers hold', () => {
    const pooled = Buffer.from(encodeMessage({ pcm: Int16Array.of(1, -2, 3) }));
    expect(decodeMessage(pooled)).toEqual({ pcm: Int16Array.of(1, -2, 3) });
  });

  it('keeps an array that is a window into a larger buffer', () => {
    const window = Float32Array.of(9, 1, 2, 9).subarray(1, 3);
    expect(decodeMessage(encodeMessage(window))).toEqual(Float32Array.of(1, 2));
  });

  it('gives arrays of their own, so that the wire may reuse its buffer', () => {
    const encoded = encodeMessage({ bytes: Uint8Array.of(5) });
    const decoded = decodeMessage(encoded);
    encoded.fill(0);
    expect(decoded).toEqual({ bytes: Uint8Array.of(5) });
  });

  it('never throws anything but an Error on bytes that nobody encoded', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          decodeMessage(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
  });

  it.each([
    ['fewer than four bytes', Uint8Array.of(1, 2)],
    ['a text that ends outside', Uint8Array.of(255, 255, 255, 255, 0)],
    ['text that is not JSON', wire('{')],
    ['text that is not UTF-8', Uint8Array.of(1, 0, 0, 0, 255)],
    ['an unknown array type', wire('{"$array":["Function",0,1]}', [0])],
    ['an array type named like an inherited property', wire('{"$array":["constructor",0,1]}', [0])],
    ['an array that ends outside', wire('{"$array":["Uint8Array",0,2]}', [0])],
    ['an array that starts before the message', wire('{"$array":["Uint8Array",-8,2]}', [0])],
    ['a length that is no whole number', wire('{"$array":["Uint8Array",0,0.5]}', [0])],
    ['a length whose size overflows', wire('{"$array":["Float64Array",0,9007199254740991]}', [0])],
    ['a description that is no list', wire('{"$array":"Uint8Array"}')],
    ['a key named __proto__', wire('{"__proto__":{"isTrusted":true}}')],
  ])('refuses %s', (_what, bytes) => {
    expect(() => decodeMessage(bytes)).toThrow(Error);
  });
});
