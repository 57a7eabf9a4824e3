import { describe, expect, it } from 'vitest';
import { readMetadata, readSafetensors, writeSafetensors } from '../../../engine/library/safetensors';
import { sampleParameters, sampleShapes } from './sample';

describe('safetensors', () => {
  it('come back bit for bit as F32', () => {
    const bytes = writeSafetensors(sampleParameters.values(), { dtype: 'F32' });
    expect(readSafetensors(bytes, sampleShapes)).toEqual(sampleParameters);
  });

  it('are widened from F16', () => {
    const bytes = writeSafetensors(sampleParameters.values(), { dtype: 'F16' });
    expect(readSafetensors(bytes, sampleShapes)).toEqual(sampleParameters);
  });

  it('take half the room as F16', () => {
    const bytesOf = (dtype: 'F32' | 'F16'): number => {
      const bytes = writeSafetensors(sampleParameters.values(), { dtype });
      return bytes.length - 8 - new DataView(bytes.buffer).getUint32(0, true);
    };
    expect(bytesOf('F16') * 2).toBe(bytesOf('F32'));
  });

  it('are read in the order that the network names them, whatever the order of the file', () => {
    const bytes = writeSafetensors([...sampleParameters.values()].reverse(), { dtype: 'F32' });
    expect([...readSafetensors(bytes, sampleShapes).keys()]).toEqual(sampleShapes.map(({ name }) => name));
  });

  it('carry metadata', () => {
    const bytes = writeSafetensors(sampleParameters.values(), { dtype: 'F32', metadata: { format: 'unroll' } });
    expect(readMetadata(bytes)).toEqual({ format: 'unroll' });
  });

  it('begin their data at a multiple of eight', () => {
    const bytes = writeSafetensors(sampleParameters.values(), { dtype: 'F32' });
    expect(new DataView(bytes.buffer).getUint32(0, true) % 8).toBe(0);
  });

  it('are read from the middle of a larger buffer', () => {
    const bytes = writeSafetensors(sampleParameters.values(), { dtype: 'F32' });
    const larger = new Uint8Array(bytes.length + 13);
    larger.set(bytes, 13);
    expect(readSafetensors(larger.subarray(13), sampleShapes)).toEqual(sampleParameters);
  });

  it.each([
    ['F32', NaN],
    ['F32', Infinity],
    ['F16', 70_000],
  ] as const)('are not written as %s with the value %d', (dtype, value) => {
    const tensor = { name: 'bias', shape: [1], values: Float32Array.of(value) };
    expect(() => writeSafetensors([tensor], { dtype })).toThrow(RangeError);
  });
});
