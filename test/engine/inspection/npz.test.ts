// Archives of arrays that NumPy opens.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NpzWriter } from '../../../engine/inspection/npz';
import { temporaryFolder } from '../temporary';
import { readNpz } from './npzReader';

async function* inPieces(values: Float32Array, size: number): AsyncGenerator<Float32Array> {
  for (let first = 0; first < values.length; first += size) yield values.subarray(first, first + size);
}
const rising = (length: number): Float32Array => Float32Array.from({ length }, (_, k) => k / 8 - 3);

describe('an archive of arrays', () => {
  test('holds each array with its name and shape, however it was written', async () => {
    const path = join(await temporaryFolder(), 'arrays.npz');
    const writer = await NpzWriter.open(path);
    await writer.add('layer0.forward.hidden', [50, 3], inPieces(rising(150), 40));
    await writer.add('gate', [7], inPieces(rising(7), 7));
    await writer.add('nothing', [0, 4], inPieces(rising(0), 1));
    await writer.finish();
    await writer.close();
    const arrays = readNpz(await fs.readFile(path));
    expect([...arrays]).toEqual([
      ['layer0.forward.hidden.npy', { shape: [50, 3], values: rising(150) }],
      ['gate.npy', { shape: [7], values: rising(7) }],
      ['nothing.npy', { shape: [0, 4], values: rising(0) }],
    ]);
  });

  test('takes no array that is not as large as its shape', async () => {
    const writer = await NpzWriter.open(join(await temporaryFolder(), 'arrays.npz'));
    await expect(writer.add('short', [5], inPieces(rising(4), 4))).rejects.toThrow('Expected 5 values of short');
    await writer.close();
  });
});
