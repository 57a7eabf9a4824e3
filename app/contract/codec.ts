// Messages as bytes, for wires that carry no structured clones (WebSocket, the pipe to a child process).
//
// Layout, little-endian: u32 length of the JSON text · the JSON text, UTF-8 · zero to seven padding bytes · typed arrays,
// each starting at a multiple of eight from the message's start. In the JSON a typed array is
// {"$array": [tag, byteOffset, length]}, byteOffset counted from the first array.

const ARRAY_TYPES = { Float32Array, Float64Array, Int16Array, Int32Array, Uint8Array } as const;
type ArrayTag = keyof typeof ARRAY_TYPES;
type AnyArray = InstanceType<(typeof ARRAY_TYPES)[ArrayTag]>;

const HEADER_BYTES = 4;
const aligned = (offset: number): number => Math.ceil(offset / 8) * 8;
const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);
const isArrayTag = (tag: string): tag is ArrayTag => Object.hasOwn(ARRAY_TYPES, tag);

/** Encodes plain JSON values with typed arrays anywhere inside. */
export function encodeMessage(message: unknown): Uint8Array {
  const arrays: { bytes: Uint8Array; offset: number }[] = [];
  let end = 0;
  const text = JSON.stringify(message, (_key, value: unknown) => {
    const tag = tagOf(value);
    if (!isArrayTag(tag)) return value;
    const array = value as AnyArray;
    const offset = aligned(end);
    arrays.push({ bytes: new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset });
    end = offset + array.byteLength;
    return { $array: [tag, offset, array.length] };
  });
  const json = new TextEncoder().encode(text);
  const base = aligned(HEADER_BYTES + json.length);
  const out = new Uint8Array(base + end);
  new DataView(out.buffer).setUint32(0, json.length, true);
  out.set(json, HEADER_BYTES);
  for (const { bytes, offset } of arrays) out.set(bytes, base + offset);
  return out;
}

/**
 * Decodes what encodeMessage made. Typed arrays are copies: the wire's buffer may be reused.
 * @throws Error when lengths or offsets point outside the message, or the text is not JSON.
 */
export function decodeMessage(message: Uint8Array): unknown {
  // Node's Buffer is a Uint8Array whose slices are no copies.
  const data = new Uint8Array(message.buffer, message.byteOffset, message.byteLength);
  if (data.byteLength < HEADER_BYTES)
    throw new Error(`Expected at least ${HEADER_BYTES} bytes, but got ${data.byteLength}`);
  const jsonLength = new DataView(data.buffer, data.byteOffset).getUint32(0, true);
  if (HEADER_BYTES + jsonLength > data.byteLength) throw new Error('Expected the text to end inside the message');
  const text = new TextDecoder('utf-8', { fatal: true }).decode(data.subarray(HEADER_BYTES, HEADER_BYTES + jsonLength));
  const base = aligned(HEADER_BYTES + jsonLength);
  return JSON.parse(text, (key, value: unknown) => {
    // A message is data: a key that would reach an object's prototype has no business in it.
    if (key === '__proto__') throw new Error('Expected no key named __proto__');
    if (typeof value !== 'object' || value === null || !('$array' in value)) return value;
    return arrayAt(data, base, value.$array);
  });
}

function arrayAt(data: Uint8Array, base: number, description: unknown): AnyArray {
  if (!Array.isArray(description)) throw new Error('Expected [tag, byteOffset, length]');
  const [tag, offset, length] = description as unknown[];
  if (typeof tag !== 'string' || !isArrayTag(tag))
    throw new Error(`Expected a known typed array, but got ${String(tag)}`);
  if (
    !Number.isSafeInteger(offset) ||
    !Number.isSafeInteger(length) ||
    (offset as number) < 0 ||
    (length as number) < 0
  ) {
    throw new Error('Expected offset and length to be whole numbers from 0 up');
  }
  const type = ARRAY_TYPES[tag];
  const start = base + (offset as number);
  const size = (length as number) * type.BYTES_PER_ELEMENT;
  if (start + size > data.byteLength) throw new Error('Expected the array to end inside the message');
  return new type(data.slice(start, start + size).buffer);
}
