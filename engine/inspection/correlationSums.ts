// Pearson's correlation of many units with a few signals, over rows that come piece by piece.

/** Less than this is no movement. */
const LEAST_VARIANCE = 1e-10;

export class CorrelationSums {
  #rows = 0;
  /** Of every unit, [units]. */
  readonly #x: Float64Array;
  readonly #xx: Float64Array;
  /** Of every signal, [signals]. */
  readonly #y: Float64Array;
  readonly #yy: Float64Array;
  /** [signals, units] */
  readonly #xy: Float64Array;

  constructor(units: number, signals: number) {
    [this.#x, this.#xx] = [new Float64Array(units), new Float64Array(units)];
    [this.#y, this.#yy] = [new Float64Array(signals), new Float64Array(signals)];
    this.#xy = new Float64Array(signals * units);
  }

  /** @param values [rows, units] @param signals one value for each row; the first of these rows is `first` of each */
  add(values: Float32Array, signals: readonly Float32Array[], first: number): void {
    const units = this.#x.length;
    const rows = values.length / units;
    for (let row = 0; row < rows; row++)
      for (let unit = 0; unit < units; unit++) {
        const x = values[row * units + unit]!;
        this.#x[unit]! += x;
        this.#xx[unit]! += x * x;
      }
    signals.forEach((signal, index) => {
      const xy = this.#xy.subarray(index * units, (index + 1) * units);
      for (let row = 0; row < rows; row++) {
        const y = signal[first + row]!;
        this.#y[index]! += y;
        this.#yy[index]! += y * y;
        // Symbols are nearly always 0.
        if (y !== 0) for (let unit = 0; unit < units; unit++) xy[unit]! += values[row * units + unit]! * y;
      }
    });
    this.#rows += rows;
  }

  /** [signals, units]; 0 where one of both never moves. */
  correlations(): Float32Array {
    const [rows, units] = [this.#rows, this.#x.length];
    return Float32Array.from(this.#xy, (xy, at) => {
      const [signal, unit] = [Math.floor(at / units), at % units];
      const ofUnit = this.#xx[unit]! - this.#x[unit]! ** 2 / rows;
      const ofSignal = this.#yy[signal]! - this.#y[signal]! ** 2 / rows;
      const both = xy - (this.#x[unit]! * this.#y[signal]!) / rows;
      const isMoving = ofUnit > LEAST_VARIANCE * rows && ofSignal > LEAST_VARIANCE * rows;
      return isMoving ? Math.max(-1, Math.min(1, both / Math.sqrt(ofUnit * ofSignal))) : 0;
    });
  }
}
