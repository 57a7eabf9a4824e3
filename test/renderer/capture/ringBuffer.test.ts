import { expect, test } from 'vitest';
import { RingBuffer } from '../../../renderer/capture/ringBuffer';

test('gives back what was written, in order, over its edge and back', () => {
  const ring = new RingBuffer(7);
  const read: number[] = [];
  for (let next = 0; next < 40; next += 4) {
    ring.write(Float32Array.of(next, next + 1, next + 2, next + 3));
    read.push(...ring.read(ring.length > 5 ? 5 : 3));
  }
  read.push(...ring.read(10));
  expect(read).toEqual(Array.from({ length: 40 }, (_, index) => index));
});

test('gives what there is where more is asked for', () => {
  const ring = new RingBuffer(8);
  ring.write(Float32Array.of(1, 2));
  expect([...ring.read(5)]).toEqual([1, 2]);
});

test('refuses to write over what was not read', () => {
  const ring = new RingBuffer(4);
  ring.write(new Float32Array(3));
  expect(() => ring.write(new Float32Array(2))).toThrow('keep up');
});
