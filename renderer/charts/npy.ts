// A matrix as numpy.load reads it: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, version 1.0.

const MAGIC = '\u0093NUMPY\u0001\u0000';
/** The values begin at a multiple of it. */
const ALIGNMENT = 64;

/** A float32 array in C order. @param shape its product is the number of values */
export function npyBytes(values: Float32Array, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const description = `{'descr': '<f4', 'fortran_order': False, 'shape': (${dimensions}), }`;
  const before = MAGIC.length + 2;
  const headerLength = Math.ceil((before + description.length + 1) / ALIGNMENT) * ALIGNMENT - before;
  const header = `${description.padEnd(headerLength - 1)}\n`;
  const bytes = new Uint8Array(before + headerLength + 4 * values.length);
  const write = (text: string, at: number): void => {
    for (let k = 0; k < text.length; k++) bytes[at + k] = text.charCodeAt(k);
  };
  write(MAGIC, 0);
  new DataView(bytes.buffer).setUint16(MAGIC.length, headerLength, true);
  write(header, before);
  const view = new DataView(bytes.buffer, before + headerLength);
  values.forEach((value, index) => view.setFloat32(4 * index, value, true));
  return bytes;
}
