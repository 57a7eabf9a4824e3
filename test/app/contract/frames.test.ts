import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader, MAX_FRAME_BYTES, encodeFrame } from '../../../app/contract/frames';

const messages = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });

/** Cuts bytes into pieces of the lengths given, over and over. */
function* pieces(bytes: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  for (let offset = 0, i = 0; offset < bytes.length; i++) {
    const length = lengths[i % lengths.length] ?? 1;
    yield bytes.subarray(offset, offset + length);
    offset += length;
  }
}

describe('frames', () => {
  it('come out as they went in, however the stream is cut', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }), (sent, cuts) => {
        const stream = Uint8Array.from(sent.flatMap((message) => [...encodeFrame(message)]));
        const reader = new FrameReader();
        const received = [...pieces(stream, cuts)].flatMap((piece) => reader.push(piece));
        expect(received).toEqual(sent);
      }),
    );
  });

  it('give a message only when its last byte has come', () => {
    const reader = new FrameReader();
    const frame = encodeFrame(Uint8Array.of(7, 8, 9));
    expect(reader.push(frame.subarray(0, frame.length - 1))).toEqual([]);
    expect(reader.push(frame.subarray(frame.length - 1))).toEqual([Uint8Array.of(7, 8, 9)]);
  });

  it('are copies: the stream may reuse its buffer', () => {
    const frame = encodeFrame(Uint8Array.of(1, 2));
    const [message] = new FrameReader().push(frame);
    frame.fill(0);
    expect(message).toEqual(Uint8Array.of(1, 2));
  });

  it('are refused before anything is allocated when they announce too much', () => {
    const reader = new FrameReader(100);
    expect(() => reader.push(Uint8Array.of(101, 0, 0, 0))).toThrow('at most 100 bytes, but got 101');
  });

  it('are not made from a message beyond the limit', () => {
    expect(() => encodeFrame(new Uint8Array(MAX_FRAME_BYTES + 1))).toThrow('but got');
  });
});
