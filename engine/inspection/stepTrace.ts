// What a cell's step offers for inspection, found out by taking one step on placeholders: how wide each activation is, and
// which result of the step's arithmetic it is.
import type { LayerSpec } from '../../app/contract/network';
import { noPeriods, type CellMath } from '../cells/cell';
import { cellOf } from '../cells/registry';

export interface TracedActivation {
  readonly name: string;
  /** Values at a step. */
  readonly width: number;
  /**
   * Results of the arithmetic that come before it in the step, each result of a call with several counted; null where it is
   * none of them (a clock).
   */
  readonly place: number | null;
}

interface Traced {
  readonly width: number;
}

/** The activations of a layer in its cell's order. */
export function traceStep(layer: LayerSpec): TracedActivation[] {
  const cell = cellOf(layer);
  const shapes = new Map(cell.parameters(1).map(({ name, shape }) => [name, shape]));
  const widthOf = (name: string): Traced => ({ width: shapes.get(name)!.at(-1)! });
  const results: Traced[] = [];
  const { activations } = cell.step(tracingMath(results), {
    projected: widthOf('inputWeights'),
    states: cell.states.map(({ size }) => ({ width: size })),
    due: () => ({ width: (cell.periods ?? noPeriods()).length }),
    product: widthOf,
    vector: widthOf,
  });
  return Object.entries(activations).map(([name, value]) => {
    const place = results.indexOf(value);
    return { name, width: value.width, place: place < 0 ? null : place };
  });
}

function tracingMath(results: Traced[]): CellMath<Traced> {
  const result = (width: number): Traced => {
    const traced = { width };
    results.push(traced);
    return traced;
  };
  const same = ({ width }: Traced): Traced => result(width);
  return {
    add: same,
    multiply: same,
    scale: same,
    oneMinus: same,
    squash: (_, a) => same(a),
    standardise: same,
    softmax: same,
    gates: (z, kinds) => kinds.map(() => result(z.width / kinds.length)),
    split: (_, sizes) => sizes.map(result),
    join: (parts) => result(parts.reduce((sum, { width }) => sum + width, 0)),
  };
}
