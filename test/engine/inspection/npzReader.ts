// Reads an archive of arrays from its directory, as numpy.load does.
import { crc32 } from 'node:zlib';
import { expect } from 'vitest';

export interface ReadArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export function readNpz(archive: Buffer): ReadonlyMap<string, ReadArray> {
  const end = archive.length - 22;
  expect(archive.readUInt32LE(end)).toBe(0x06054b50);
  const arrays = new Map<string, ReadArray>();
  let at = archive.readUInt32LE(end + 16);
  for (let entry = 0; entry < archive.readUInt16LE(end + 10); entry++) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50);
    const [method, crc, size] = [
      archive.readUInt16LE(at + 10),
      archive.readUInt32LE(at + 16),
      archive.readUInt32LE(at + 24),
    ];
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    const local = archive.readUInt32LE(at + 42);
    expect(archive.readUInt32LE(local)).toBe(0x04034b50);
    expect(archive.subarray(local + 10, local + 26)).toEqual(archive.subarray(at + 12, at + 28));
    const begin = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const bytes = archive.subarray(begin, begin + size);
    expect([method, crc32(bytes)]).toEqual([0, crc]);
    arrays.set(name, readNpy(bytes));
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  expect(at).toBe(end);
  return arrays;
}

function readNpy(bytes: Buffer): ReadArray {
  expect(bytes.toString('latin1', 0, 6)).toBe('\x93NUMPY');
  const begin = 10 + bytes.readUInt16LE(8);
  expect(begin % 64).toBe(0);
  const header = bytes.toString('latin1', 10, begin);
  const shape = /^\{'descr': '<f4', 'fortran_order': False, 'shape': \((\d+),(?: (\d+))?\), \} *\n$/.exec(header);
  expect(shape).not.toBeNull();
  const data = new Uint8Array(bytes.subarray(begin));
  return {
    shape: shape!.slice(1).flatMap((size) => ((size as string | undefined) === undefined ? [] : [Number(size)])),
    values: new Float32Array(data.buffer, 0, data.length / 4),
  };
}
