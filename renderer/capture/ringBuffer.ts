/** A fixed store of samples between one writer and one reader; allocates nothing while it is written. */
export class RingBuffer {
  readonly #samples: Float32Array;
  #readAt = 0;
  #length = 0;

  /** @param capacity samples it can hold */
  constructor(capacity: number) {
    this.#samples = new Float32Array(capacity);
  }

  /** Samples waiting to be read. */
  get length(): number {
    return this.#length;
  }

  /** @throws Error when the reader has fallen a whole buffer behind: sound would be lost */
  write(samples: Float32Array): void {
    const capacity = this.#samples.length;
    if (this.#length + samples.length > capacity) throw new Error('Expected the reader to keep up');
    const writeAt = (this.#readAt + this.#length) % capacity;
    const first = Math.min(samples.length, capacity - writeAt);
    this.#samples.set(samples.subarray(0, first), writeAt);
    this.#samples.set(samples.subarray(first), 0);
    this.#length += samples.length;
  }

  /** The oldest `count` samples as a new array, or fewer where fewer are waiting. */
  read(count: number): Float32Array {
    const capacity = this.#samples.length;
    const out = new Float32Array(Math.min(count, this.#length));
    const first = Math.min(out.length, capacity - this.#readAt);
    out.set(this.#samples.subarray(this.#readAt, this.#readAt + first), 0);
    out.set(this.#samples.subarray(0, out.length - first), first);
    this.#readAt = (this.#readAt + out.length) % capacity;
    this.#length -= out.length;
    return out;
  }
}
