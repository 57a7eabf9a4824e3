// A whole network read in double precision, from the same equations of its cells.
import { directionsOf, type Direction, type LayerSpec, type NetworkSpec } from '../../../app/contract/network';
import { noPeriods } from '../../../engine/cells/cell';
import { cellOf } from '../../../engine/cells/registry';
import {
  INITIAL_STATE_NAMES,
  isConcatenated,
  isInitialStateLearned,
  outputSize,
  type ParameterSet,
} from '../../../engine/network/parameters';
import type { LabelledBatch, SequenceBatch } from '../../../engine/network/program';
import { isTaught } from '../../../engine/network/teacherForcing';
import { float64Math as m, matrix, product, zeros, type Matrix } from '../../../engine/lab/float64';

export interface Float64Inputs {
  readonly parameters: ReadonlyMap<string, Matrix>;
  /** [N, D] by step */
  readonly x: readonly Matrix[];
}
export const float64Inputs = (parameters: ParameterSet, { features, T, N, D }: SequenceBatch): Float64Inputs => ({
  parameters: new Map(
    [...parameters.values()].map(({ name, shape, values }) => [
      name,
      matrix(shape.length === 2 ? shape[0]! : 1, shape.at(-1)!, values),
    ]),
  ),
  x: Array.from({ length: T }, (_, t) => matrix(N, D, features.subarray(t * N * D, (t + 1) * N * D))),
});

/**
 * Logits [N, C] by step.
 * @param labels of the rows, in training; null: layers under teacher forcing hear themselves
 */
export function readNetwork(
  spec: NetworkSpec,
  { parameters, x }: Float64Inputs,
  lengths: Int32Array,
  labels: readonly Int32Array[] | null = null,
): Matrix[] {
  const masks = x.map((_, t) =>
    matrix(
      lengths.length,
      1,
      [...lengths].map((length) => (t < length ? 1 : 0)),
    ),
  );
  let inputs = spec.inputSize;
  const top = spec.layers.reduce((values, layer, index) => {
    const sides = directionsOf(layer).map((direction) => {
      const of = (name: string): Matrix | undefined => parameters.get(`layer${index}.${direction}.${name}`);
      const told = isTaught(layer, spec.head) ? labels : null;
      return readDirection(layer, direction, inputs, of, values, lengths, masks, told);
    });
    inputs = outputSize(layer);
    const join = isConcatenated(layer)
      ? (steps: Matrix[]) => m.join(steps)
      : (steps: Matrix[]) => steps.reduce((sum, other) => m.add(sum, other));
    return values.map((_, t) => join(sides.map((side) => side[t]!)));
  }, x as Matrix[]);
  const [weights, bias] = [parameters.get('head.weights')!, parameters.get('head.bias')!];
  return top.map((values) => m.add(product(values, weights), bias));
}

function readDirection(
  layer: LayerSpec,
  direction: Direction,
  inputs: number,
  of: (name: string) => Matrix | undefined,
  x: readonly Matrix[],
  lengths: Int32Array,
  masks: readonly Matrix[],
  told: readonly Int32Array[] | null,
): Matrix[] {
  const cell = cellOf(layer);
  const N = lengths.length;
  const existing = new Map(
    cell.parameters(inputs).map(({ name, shape, mask }) => {
      const stored = of(name)!;
      return [name, mask === null ? stored : m.multiply(stored, matrix(shape[0]!, shape[1]!, mask))];
    }),
  );
  let states = cell.states.map(({ name, size }) =>
    isInitialStateLearned(layer) ? m.add(zeros(N, size), of(INITIAL_STATE_NAMES[name])!) : zeros(N, size),
  );
  const first = states;
  const outputs: Matrix[] = [];
  for (let step = 0; step < x.length; step++) {
    const t = direction === 'forward' ? step : x.length - 1 - step;
    const mask = masks[t]!;
    const projected = product(x[t]!, existing.get('inputWeights')!);
    const bias = existing.get('bias');
    const due = (): Matrix => {
      const periods = cell.periods ?? noPeriods();
      const heard = [...lengths].map((length) => (direction === 'forward' ? t : Math.max(0, length - 1 - t)));
      return matrix(
        N,
        periods.length,
        heard.flatMap((steps) => periods.map((p) => (steps % p === 0 ? 1 : 0))),
      );
    };
    const after = cell.step(m, {
      projected: bias === undefined ? projected : m.add(projected, bias),
      states: told === null ? states : [toldRows(told, direction, t, lengths, first[0]!)],
      due,
      product: (weights, a) => product(a, existing.get(weights)!),
      vector: (name) => existing.get(name)!,
    });
    states = after.states.map((state, k) => m.add(m.multiply(mask, state), m.multiply(m.oneMinus(mask), states[k]!)));
    outputs[t] = m.multiply(mask, after.output);
  }
  return outputs;
}

/** The target of the step before in the order of reading; the first state where there is none. */
function toldRows(
  told: readonly Int32Array[],
  direction: Direction,
  t: number,
  lengths: Int32Array,
  first: Matrix,
): Matrix {
  const { rows: N, columns } = first;
  const before = told.map((labels, n) => {
    const time = t + (direction === 'forward' ? -1 : 1);
    return time >= 0 && time < lengths[n]! ? labels[time]! : null;
  });
  const isNone = matrix(
    N,
    1,
    before.map((label) => (label === null ? 1 : 0)),
  );
  const oneHot = before.flatMap((label) => Array.from({ length: columns }, (_, k) => (k === label ? 1 : 0)));
  return m.add(matrix(N, columns, oneHot), m.multiply(isNone, first));
}

/** Weighted cross-entropy of every frame that belongs to its sequence. @returns with its gradient, by step [N, C] */
export function framewiseLoss(
  logits: readonly Matrix[],
  { lengths, labels, rowWeights }: LabelledBatch,
): { readonly loss: number; readonly gradient: readonly Float64Array[] } {
  let loss = 0;
  const gradient = logits.map(({ rows, columns, values }, t) => {
    const slope = new Float64Array(rows * columns);
    for (let n = 0; n < rows; n++) {
      if (t >= lengths[n]!) continue;
      const row = values.subarray(n * columns, (n + 1) * columns);
      const sum = row.reduce((total, value) => total + Math.exp(value), 0);
      const label = labels[n]![t]!;
      loss += rowWeights[n]! * (Math.log(sum) - row[label]!);
      row.forEach(
        (value, k) => (slope[n * columns + k] = rowWeights[n]! * (Math.exp(value) / sum - (k === label ? 1 : 0))),
      );
    }
    return slope;
  });
  return { loss, gradient };
}

/** Loss and logits of a labelled batch; the gradients are left in `inputs`. */
export function differentiate(spec: NetworkSpec, inputs: Float64Inputs, batch: LabelledBatch) {
  const logits = readNetwork(spec, inputs, batch.lengths, batch.labels);
  const { loss, gradient } = framewiseLoss(logits, batch);
  const all = m.join(logits);
  const { rows: N } = all;
  const C = spec.head.classes;
  const cotangent = new Float64Array(all.values.length);
  gradient.forEach((step, t) => {
    for (let n = 0; n < N; n++) cotangent.set(step.subarray(n * C, (n + 1) * C), n * all.columns + t * C);
  });
  all.backward(cotangent);
  return { loss, logits: logits.flatMap(({ values }) => [...values]) };
}
