// Slopes of the coefficients over time (Furui 1986; HTK Book, equation 5.16).

/**
 * Turns a stream of frames into the stream of their slopes:
 * d[t] = Σₙ n · (c[t + n] − c[t − n]) / (2 · Σₙ n²), n = 1 … span, the first and the last frame repeated past the edges.
 * Slope t needs frame t + span, so it comes `span` frames late.
 */
export class DeltaStage {
  readonly #span: number;
  readonly #divisor: number;
  /** Frames from `#firstKept` on. */
  #kept: Float32Array[] = [];
  #firstKept = 0;
  #received = 0;
  #produced = 0;

  constructor(span: number) {
    this.#span = span;
    let squares = 0;
    for (let n = 1; n <= span; n++) squares += n * n;
    this.#divisor = 2 * squares;
  }

  /** Takes the next frame; hands back the slope that it completed, or null. */
  push(frame: Float32Array): Float32Array | null {
    this.#kept.push(frame);
    this.#received++;
    return this.#received > this.#produced + this.#span ? this.#next() : null;
  }

  /** The slopes of the last frames. */
  finish(): Float32Array[] {
    const rest: Float32Array[] = [];
    while (this.#produced < this.#received) rest.push(this.#next());
    return rest;
  }

  #next(): Float32Array {
    const t = this.#produced++;
    const slope = new Float32Array(this.#frame(t).length);
    for (let index = 0; index < slope.length; index++) {
      let sum = 0;
      for (let n = 1; n <= this.#span; n++) {
        sum += n * ((this.#frame(t + n)[index] as number) - (this.#frame(t - n)[index] as number));
      }
      slope[index] = sum / this.#divisor;
    }
    while (this.#firstKept < t + 1 - this.#span) {
      this.#kept.shift();
      this.#firstKept++;
    }
    return slope;
  }

  #frame(t: number): Float32Array {
    const inside = Math.max(0, Math.min(this.#received - 1, t));
    return this.#kept[inside - this.#firstKept] as Float32Array;
  }
}
