// A waveform at drawing resolution: the lowest and highest sample of every 2.5 ms.

export const PEAK_SAMPLES = 40;

export class Peaks {
  #low = new Int16Array(4_000);
  #high = new Int16Array(4_000);
  #bins = 0;
  /** Samples in the bin that is still being filled. */
  #filled = 0;

  /** Whole and begun bins. */
  get length(): number {
    return this.#bins + (this.#filled > 0 ? 1 : 0);
  }

  append(pcm: Int16Array): void {
    this.#reserve(this.#bins + Math.ceil((this.#filled + pcm.length) / PEAK_SAMPLES) + 1);
    for (const sample of pcm) {
      const isFirst = this.#filled === 0;
      if (isFirst || sample < (this.#low[this.#bins] ?? 0)) this.#low[this.#bins] = sample;
      if (isFirst || sample > (this.#high[this.#bins] ?? 0)) this.#high[this.#bins] = sample;
      this.#filled += 1;
      if (this.#filled < PEAK_SAMPLES) continue;
      this.#filled = 0;
      this.#bins += 1;
    }
  }

  /** Whole bins that were measured elsewhere, −1…1. */
  appendRanges(smallest: Float32Array, largest: Float32Array): void {
    this.#reserve(this.#bins + smallest.length);
    const sampleOf = (value: number): number => Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768)));
    smallest.forEach((low, index) => {
      this.#low[this.#bins + index] = sampleOf(low);
      this.#high[this.#bins + index] = sampleOf(largest[index] ?? low);
    });
    this.#bins += smallest.length;
  }

  clear(): void {
    this.#bins = 0;
    this.#filled = 0;
  }

  /** Lowest and highest sample of bins [from, to), −1…1, or null where there is none. */
  range(from: number, to: number): { readonly low: number; readonly high: number } | null {
    const begin = Math.max(0, from);
    const end = Math.min(this.length, to);
    if (begin >= end) return null;
    let low = 32_767;
    let high = -32_768;
    for (let bin = begin; bin < end; bin++) {
      low = Math.min(low, this.#low[bin] ?? 0);
      high = Math.max(high, this.#high[bin] ?? 0);
    }
    return { low: low / 32_768, high: high / 32_768 };
  }

  #reserve(bins: number): void {
    if (bins <= this.#low.length) return;
    const capacity = Math.max(bins, 2 * this.#low.length);
    this.#low = grown(this.#low, capacity);
    this.#high = grown(this.#high, capacity);
  }
}

function grown(array: Int16Array<ArrayBuffer>, capacity: number): Int16Array<ArrayBuffer> {
  const larger = new Int16Array(capacity);
  larger.set(array);
  return larger;
}
