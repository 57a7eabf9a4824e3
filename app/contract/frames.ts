// Messages on a byte stream: each frame is its length as u32, little-endian, and that many bytes.

const HEADER_BYTES = 4;
/** No message of the contract comes near; a length beyond it means that the stream is out of step. */
export const MAX_FRAME_BYTES = 64 << 20;

/** @throws Error when the message is longer than MAX_FRAME_BYTES */
export function encodeFrame(message: Uint8Array): Uint8Array {
  if (message.byteLength > MAX_FRAME_BYTES)
    throw new Error(`Expected at most ${MAX_FRAME_BYTES} bytes, but got ${message.byteLength}`);
  const frame = new Uint8Array(HEADER_BYTES + message.byteLength);
  new DataView(frame.buffer).setUint32(0, message.byteLength, true);
  frame.set(message, HEADER_BYTES);
  return frame;
}

/** Puts frames together from the pieces in which a stream delivers them. */
export class FrameReader {
  readonly #maxFrameBytes: number;
  readonly #header = new Uint8Array(HEADER_BYTES);
  #headerLength = 0;
  #message: Uint8Array | null = null;
  #messageLength = 0;

  constructor(maxFrameBytes = MAX_FRAME_BYTES) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /**
   * Takes the stream's next bytes and gives the messages that became complete with them, as copies.
   * @throws Error when a frame announces more than the limit; the stream cannot be read on after that
   */
  push(bytes: Uint8Array): Uint8Array[] {
    const messages: Uint8Array[] = [];
    let offset = 0;
    while (offset < bytes.byteLength || this.#isComplete()) {
      if (this.#message === null) {
        offset += this.#takeHeader(bytes.subarray(offset));
        continue;
      }
      const piece = bytes.subarray(offset, offset + this.#message.byteLength - this.#messageLength);
      this.#message.set(piece, this.#messageLength);
      this.#messageLength += piece.byteLength;
      offset += piece.byteLength;
      if (!this.#isComplete()) continue;
      messages.push(this.#message);
      this.#message = null;
    }
    return messages;
  }

  #isComplete(): boolean {
    return this.#message !== null && this.#messageLength === this.#message.byteLength;
  }

  #takeHeader(bytes: Uint8Array): number {
    const piece = bytes.subarray(0, HEADER_BYTES - this.#headerLength);
    this.#header.set(piece, this.#headerLength);
    this.#headerLength += piece.byteLength;
    if (this.#headerLength < HEADER_BYTES) return piece.byteLength;
    const length = new DataView(this.#header.buffer).getUint32(0, true);
    if (length > this.#maxFrameBytes)
      throw new Error(`Expected a frame of at most ${this.#maxFrameBytes} bytes, but got ${length}`);
    this.#message = new Uint8Array(length);
    this.#messageLength = 0;
    this.#headerLength = 0;
    return piece.byteLength;
  }
}
