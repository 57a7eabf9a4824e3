// One direction of one layer, step by step, from its cell's own equations: every named activation can be seen.
//
// Letters: n steps, D inputs, Z columns of the input's projection, H units.
import { directionsOf, type Direction, type LayerSpec, type NetworkSpec } from '../../app/contract/network';
import { noPeriods, type Cell, type CellMath, type StepResult } from '../cells/cell';
import { cellOf } from '../cells/registry';
import { valueOf } from '../network/nativeLayer';
import { INITIAL_STATE_NAMES, isInitialStateLearned, outputSize, type ParameterSet } from '../network/parameters';
import { RowMath } from '../network/rowMath';
import { stackedSize } from '../network/stack';
import type { RowProduct, RowProducts } from './rowProducts';

/** A reading of a network: which layer, which direction, and what it reads. */
export interface ReadingPlace {
  readonly index: number;
  readonly layer: LayerSpec;
  readonly direction: Direction;
  /** D */
  readonly inputs: number;
}
/** All readings in the order in which they can be computed. */
export function readingsOf(spec: NetworkSpec): ReadingPlace[] {
  let inputs = stackedSize(spec);
  return spec.layers.flatMap((layer, index) => {
    const places = directionsOf(layer).map((direction) => ({ index, layer, direction, inputs }));
    inputs = outputSize(layer);
    return places;
  });
}

const MATH = new RowMath();

export class LayerReading {
  readonly cell: Cell;
  /** The states before the first step, [size] each. */
  readonly first: readonly Float32Array[];
  /** Values of the parameters by name, of matrices only where there are weights. */
  readonly weights: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>;
  readonly #products: ReadonlyMap<string, RowProduct>;
  readonly #bias: Float32Array | null;

  constructor(
    readonly place: ReadingPlace,
    parameters: ParameterSet,
    products: RowProducts,
  ) {
    const { index, layer, direction, inputs } = place;
    const prefix = `layer${index}.${direction}`;
    this.cell = cellOf(layer);
    const weights = this.cell.parameters(inputs).map(({ name, shape, mask }) => {
      const { values } = valueOf(parameters, `${prefix}.${name}`);
      return { name, shape, values: mask === null ? values : values.map((value, k) => value * mask[k]!) };
    });
    this.weights = new Map(weights.map((each) => [each.name, each]));
    this.#products = new Map(
      weights
        .filter(({ shape }) => shape.length === 2)
        .map(({ name, shape, values }) => [name, products.open(values, shape[0]!, shape[1]!)]),
    );
    this.#bias = this.weights.get('bias')?.values ?? null;
    this.first = this.cell.states.map(({ name, size }) =>
      isInitialStateLearned(layer)
        ? valueOf(parameters, `${prefix}.${INITIAL_STATE_NAMES[name]}`).values
        : new Float32Array(size),
    );
  }

  /** x·W + b of x [n, D] → [n, Z] */
  project(x: Float32Array, n: number): Float32Array {
    const projected = this.multiply('inputWeights', x, n);
    const bias = this.#bias;
    if (bias !== null) for (let k = 0; k < projected.length; k++) projected[k]! += bias[k % bias.length]!;
    return projected;
  }

  /**
   * @param projected [Z]
   * @param heard steps that this reading has taken before this one
   */
  step(
    projected: Float32Array,
    states: readonly Float32Array[],
    heard: number,
    math: CellMath<Float32Array> = MATH,
  ): StepResult<Float32Array> {
    return this.cell.step(math, {
      projected,
      states,
      due: () => this.due(heard),
      product: (name, a) => this.multiply(name, a, 1),
      vector: (name) => this.weights.get(name)!.values,
    });
  }

  /** [H]: 1 where a unit of a cell with periods is updated after so many steps, else 0. */
  due(heard: number): Float32Array {
    const periods = this.cell.periods ?? noPeriods();
    return Float32Array.from(periods, (period) => (heard % period === 0 ? 1 : 0));
  }

  /** a·W of a [n, from] and the weights of that name → [n, to] */
  multiply(name: string, a: Float32Array, n: number): Float32Array {
    const product = this.#products.get(name);
    if (product === undefined) throw new Error(`Expected a parameter called ${name}`);
    return product.multiply(a, n);
  }
}
