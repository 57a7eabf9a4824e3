// A curve that follows another slowly, so that its course is seen through its noise.

/**
 * Exponential moving average m[t] = a · m[t-1] + (1 - a) · x[t] with a = exp(-1 / steps), divided by 1 - aᵗ, so that the first
 * values count in full. Values that are not finite are passed over. Grows with the curve that it follows.
 */
export class Smoothed {
  readonly steps: number;
  readonly #a: number;
  #values = new Float32Array(1_024);
  #length = 0;
  #mean = 0;
  #weight = 0;

  /** @param steps after which a value counts 1/e. */
  constructor(steps: number) {
    this.steps = steps;
    this.#a = Math.exp(-1 / steps);
  }

  /** Takes what came after the steps that it knows. */
  follow(values: Float32Array): void {
    if (values.length > this.#values.length) {
      const wider = new Float32Array(2 * values.length);
      wider.set(this.#values.subarray(0, this.#length));
      this.#values = wider;
    }
    for (; this.#length < values.length; this.#length++) {
      const value = values[this.#length]!;
      if (Number.isFinite(value)) {
        this.#mean = this.#a * this.#mean + (1 - this.#a) * value;
        this.#weight = this.#a * this.#weight + (1 - this.#a);
      }
      this.#values[this.#length] = this.#weight === 0 ? NaN : this.#mean / this.#weight;
    }
  }

  /** One value for each step that it followed. */
  get values(): Float32Array {
    return this.#values.subarray(0, this.#length);
  }
}
