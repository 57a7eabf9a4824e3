// One direction of one layer read in double precision, every value kept, so that gradients can go back through all of it.
// Letters: N rows, D inputs, H units, T steps.
import { directionsOf, type Direction, type LayerSpec } from '../../app/contract/network';
import { noPeriods } from '../cells/cell';
import { cellOf } from '../cells/registry';
import { float64Math, matrix, product, zeros, type Matrix } from './float64';

export interface ReadStep {
  /** Position in the sequence, from 0. */
  readonly time: number;
  /** The states after the step, [N, size] each. */
  readonly states: readonly Matrix[];
  /** [N, outputs] */
  readonly output: Matrix;
  readonly activations: Readonly<Record<string, Matrix>>;
}
export interface ReadDirection {
  readonly direction: Direction;
  /** a0: the states before the first step. */
  readonly first: readonly Matrix[];
  /** In the order of time, whatever the direction. */
  readonly steps: readonly ReadStep[];
}

export interface LayerReadingOptions {
  readonly layer: LayerSpec;
  /** Uniform in [0, 1); draws the parameters, one direction after the other. */
  readonly random: () => number;
  /** What matrices inside the step are multiplied by; 1 if left out. */
  readonly scale?: number;
  /** Whether biases are drawn (if left out), or are the middle of what might be drawn: 0, or how far a gate is to be open. */
  readonly hasDrawnBiases?: boolean;
}

/** @param x [N, D] of each step. @returns each direction's reading */
export function readLayer(
  x: readonly Matrix[],
  { layer, random, scale = 1, hasDrawnBiases = true }: LayerReadingOptions,
): readonly ReadDirection[] {
  return directionsOf(layer).map((direction) => readDirection(x, direction, { layer, random, scale, hasDrawnBiases }));
}

/** What the layer hands up at each step: its readings side by side. */
export const handedUp = (readings: readonly ReadDirection[]): readonly Matrix[] =>
  (readings[0]?.steps ?? []).map((_, t) => {
    const outputs = readings.map(({ steps }) => (steps[t] as ReadStep).output);
    return outputs.length === 1 ? (outputs[0] as Matrix) : float64Math.join(outputs);
  });

function readDirection(
  x: readonly Matrix[],
  direction: Direction,
  { layer, random, scale, hasDrawnBiases }: Required<LayerReadingOptions>,
): ReadDirection {
  const cell = cellOf(layer);
  const [N, D] = [x[0]?.rows ?? 0, x[0]?.columns ?? 0];
  const parameters = new Map(
    cell.parameters(D).map(({ name, role, shape, mask, initial }) => {
      const factor = role === 'product' ? scale : 1;
      const isMiddle = !hasDrawnBiases && role === 'bias';
      const values = initial(isMiddle ? () => 0.5 : random).map((value, k) => factor * value * (mask?.[k] ?? 1));
      return [name, matrix(shape.length === 2 ? (shape[0] as number) : 1, shape.at(-1) as number, values)];
    }),
  );
  const parameter = (name: string): Matrix => {
    const found = parameters.get(name);
    if (found === undefined) throw new Error(`Expected a parameter called ${name}`);
    return found;
  };
  const first = cell.states.map(({ size }) => zeros(N, size));
  const steps: ReadStep[] = [];
  let states: readonly Matrix[] = first;
  for (let heard = 0; heard < x.length; heard++) {
    const time = direction === 'forward' ? heard : x.length - 1 - heard;
    const projected = product(x[time] as Matrix, parameter('inputWeights'));
    const result = cell.step(float64Math, {
      projected: parameters.has('bias') ? float64Math.add(projected, parameter('bias')) : projected,
      states,
      due: () => dueRows(cell.periods ?? noPeriods(), heard, N),
      product: (weights, a) => product(a, parameter(weights)),
      vector: parameter,
    });
    steps[time] = { time, ...result };
    states = result.states;
  }
  return { direction, first, steps };
}

const dueRows = (periods: readonly number[], heard: number, N: number): Matrix =>
  matrix(
    N,
    periods.length,
    Array.from({ length: N }, () => periods.map((period) => (heard % period === 0 ? 1 : 0))).flat(),
  );
