// Where a cell's step multiplies by a matrix: the seams at which the compiled recurrence takes the step apart.
import { noPeriods, type Cell, type CellMath } from './cell';

/** One matrix product of a step. */
export interface CellProduct {
  /** Name of the parameter [from, to]. */
  readonly weights: string;
  readonly from: number;
  readonly to: number;
  /** The state that is multiplied as it was before the step; null: something that the step computes. */
  readonly state: number | null;
  /** Whether a state is multiplied, as it was or what a gate lets through of it: what dropout on the recurrence thins out. */
  readonly isRecurrent: boolean;
}

/** Arithmetic on values that are nothing but themselves. */
const TRACE: CellMath<object> = {
  add: () => ({}),
  multiply: () => ({}),
  scale: () => ({}),
  oneMinus: () => ({}),
  squash: () => ({}),
  standardise: () => ({}),
  softmax: () => ({}),
  gates: (_, kinds) => kinds.map(() => ({})),
  split: (_, sizes) => sizes.map(() => ({})),
  join: () => ({}),
};

/** The products of a cell in the order in which its step asks for them. */
export function productsOf(cell: Cell): readonly CellProduct[] {
  const shapes = new Map(cell.parameters(1).map(({ name, shape }) => [name, shape]));
  const states = cell.states.map(() => ({}));
  const products: CellProduct[] = [];
  cell.step(TRACE, {
    projected: {},
    states,
    due: cell.periods === null ? noPeriods : () => ({}),
    product: (weights, a) => {
      const shape = shapes.get(weights);
      if (shape === undefined || products.some((known) => known.weights === weights))
        throw new Error(`Expected one product with a parameter called ${weights}`);
      const state = states.indexOf(a);
      const isRecurrent = state >= 0 || (cell.gatedProducts ?? []).includes(weights);
      products.push({ weights, from: shape[0]!, to: shape[1]!, state: state < 0 ? null : state, isRecurrent });
      return {};
    },
    vector: () => ({}),
  });
  return products;
}
