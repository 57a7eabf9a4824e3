// The way back through one reading of a layer, step by step, from what was recorded on the way forward.
//
// Letters: Z columns of the input's projection, D inputs, O outputs of one direction.
import { stepsHeard } from '../cells/clock';
import { seriesName, type StepsBelow } from './activations';
import type { LayerReading } from './layerReading';
import type { MatrixStore } from './matrixStore';
import { transposed, type RowProduct, type RowProducts } from './rowProducts';
import { StepTape, type Taped } from './stepTape';

/** One step that was taken, ready to be gone back through again and again. */
export interface TakenStep {
  /**
   * @param output ∂L/∂(what is handed up), or null: nothing reaches it
   * @param states ∂L/∂(the states after the step)
   * @returns ∂L/∂(the projected row) and ∂L/∂(the states before); they are overwritten by the next call
   */
  back(
    output: Float32Array | null,
    states: readonly Float32Array[],
  ): { readonly projected: Float32Array; readonly states: readonly Float32Array[] };
}

/** Consecutive steps: what was projected and the states before and after, as they were recorded. */
export interface RecordedPiece {
  readonly first: number;
  readonly count: number;
  /** [count, Z] */
  readonly projected: Float32Array;
  /** Of each step, its states before it. */
  readonly before: readonly (readonly Float32Array[])[];
}

export class ReadingBack {
  readonly #transposed: ReadonlyMap<string, RowProduct>;

  constructor(
    readonly reading: LayerReading,
    products: RowProducts,
  ) {
    this.#transposed = new Map(
      [...reading.weights]
        .filter(([, { shape }]) => shape.length === 2)
        .map(([name, { shape, values }]) => [
          name,
          products.open(transposed(values, shape[0]!, shape[1]!), shape[1]!, shape[0]!),
        ]),
    );
  }

  /** Takes a step anew. @param heard steps that the reading has taken before it */
  take(projected: Float32Array, before: readonly Float32Array[], heard: number): TakenStep {
    const { cell, weights } = this.reading;
    const tape = new StepTape();
    const given = tape.leaf(projected);
    const states = before.map((state) => tape.leaf(state));
    const result = cell.step<Taped>(tape, {
      projected: given,
      states,
      due: () => tape.leaf(this.reading.due(heard)),
      product: (name, a) =>
        tape.result(this.reading.multiply(name, a.values, 1), (g) => {
          const back = this.#product(name).multiply(g, 1);
          for (let k = 0; k < back.length; k++) a.gradient[k]! += back[k]!;
        }),
      vector: (name) => tape.leaf(weights.get(name)!.values),
    });
    return {
      back: (output, after) => {
        const cotangents = result.states.map((state, k) => [state, after[k]!] as const);
        tape.back(output === null ? cotangents : [[result.output, output], ...cotangents]);
        return { projected: given.gradient, states: states.map(({ gradient }) => gradient) };
      },
    };
  }

  /** ∂L/∂x [n, D] from ∂L/∂(x·W + b) [n, Z] */
  toInput(projected: Float32Array, n: number): Float32Array {
    return this.#product('inputWeights').multiply(projected, n);
  }

  /** What was recorded of the steps [first, first + count). @param under what the layer read */
  async recorded(store: MatrixStore, under: StepsBelow, first: number, count: number): Promise<RecordedPiece> {
    const { place, cell } = this.reading;
    const { direction, index } = place;
    const projected = this.reading.project(await under(first, count), count);
    const shift = direction === 'forward' ? -1 : 1;
    const states = await Promise.all(
      cell.states.map(({ name }) =>
        store.read(
          seriesName(index, direction, name),
          Math.max(0, first + shift),
          count + (first + shift < 0 ? -1 : 0),
        ),
      ),
    );
    const before = Array.from({ length: count }, (_, k) =>
      cell.states.map(({ size }, s) => {
        const at = k - (first + shift < 0 ? 1 : 0);
        const row = states[s]!.subarray(at * size, (at + 1) * size);
        return at < 0 || row.length < size ? this.reading.first[s]! : row.slice();
      }),
    );
    return { first, count, projected, before };
  }

  heardBefore(t: number, steps: number): number {
    return stepsHeard(this.reading.place.direction, t, steps);
  }

  #product(name: string): RowProduct {
    const product = this.#transposed.get(name);
    if (product === undefined) throw new Error(`Expected a parameter called ${name}`);
    return product;
  }
}
