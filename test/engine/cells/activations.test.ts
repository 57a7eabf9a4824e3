// What each cell offers for inspection: names, and the values of one step of one unit worked out from the papers' equations.
import { describe, expect, test } from 'vitest';
import type { CellName, LayerSpec } from '../../../app/contract/network';
import { noPeriods, type Cell } from '../../../engine/cells/cell';
import { cellOf } from '../../../engine/cells/registry';
import { float64Math, matrix, product, type Matrix } from '../../../engine/lab/float64';

const σ = (x: number): number => 1 / (1 + Math.exp(-x));
const { tanh, exp } = Math;
type Values = Readonly<Record<string, readonly number[]>>;

interface Inspected {
  readonly layer: LayerSpec;
  /** Values of the parameters by name, rows after rows. */
  readonly parameters: Values;
  /** The only input. */
  readonly x: number;
  /** The states before the step. */
  readonly states: readonly (readonly number[])[];
  /** Of each unit whether the step updates it. */
  readonly due?: readonly number[];
  readonly expected: Values;
}
const forward = { units: 1, direction: 'forward' } as const;

/** Input gate, forget gate, candidate and output gate at x = 2, h = 0.5, c = −0.8. */
const lstm = { inputWeights: [0.3, -0.2, 0.4, 0.1], recurrentWeights: [1, 0.6, -1, 0.2], bias: [0.1, 1, -0.3, 0.05] };
const [i, f, g, o] = [σ(0.6 + 0.5 + 0.1), σ(-0.4 + 0.3 + 1), tanh(0.8 - 0.5 - 0.3), σ(0.2 + 0.1 + 0.05)];
const c = f * -0.8 + i * g;
/** The same with peepholes 0.5, −1 and 2. */
const [peepedI, peepedF] = [σ(1.2 + 0.5 * -0.8), σ(0.9 - 1 * -0.8)];
const peepedC = peepedF * -0.8 + peepedI * g;
const peepedO = σ(0.35 + 2 * peepedC);
/** Reset and update gate at x = 2, h = 0.5. */
const [r, z] = [σ(0.6 + 0.5 + 0.1), σ(-0.4 + 0.3 + 1)];
const [before, after] = [tanh(0.8 + r * 0.5 * -1 - 0.3), tanh(0.8 - 0.3 + r * (0.5 * -1 + 0.7))];
/** tanh(x·Wx + y·Wy + b), y = (0.25, 0.75), and the softmax of it. */
const jordan = tanh(2 * 0.3 + 0.25 * 1 + 0.75 * -0.4 + 0.1);
const [first, second] = [exp(jordan * 0.5 + 0.2), exp(jordan * -1 - 0.1)];
const context = 0.1 * (2 * -0.7) + 0.9 * 0.4;
const learnedContext = (1 - σ(0.3)) * (2 * -0.7) + σ(0.3) * 0.4;
const scrn = { inputWeights: [0.3, -0.7], recurrentWeights: [0.6], contextWeights: [1.5] };

const INSPECTED: Readonly<Record<string, Inspected>> = {
  feedForward: {
    layer: { cell: 'feedForward', units: 1, activation: 'sigmoid' },
    parameters: { inputWeights: [0.3], bias: [0.1] },
    x: 2,
    states: [],
    expected: { hidden: [σ(0.7)] },
  },
  elman: {
    layer: { cell: 'elman', ...forward },
    parameters: { inputWeights: [0.3], recurrentWeights: [-0.6], bias: [0.1] },
    x: 2,
    states: [[0.5]],
    expected: { hidden: [tanh(0.4)] },
  },
  jordan: {
    layer: { cell: 'jordan', ...forward, outputs: 2 },
    parameters: {
      inputWeights: [0.3],
      recurrentWeights: [1, -0.4],
      bias: [0.1],
      outputWeights: [0.5, -1],
      outputBias: [0.2, -0.1],
    },
    x: 2,
    states: [[0.25, 0.75]],
    expected: { hidden: [jordan], output: [first / (first + second), second / (first + second)] },
  },
  lstm: {
    layer: { cell: 'lstm', ...forward },
    parameters: lstm,
    x: 2,
    states: [[0.5], [-0.8]],
    expected: {
      hidden: [o * tanh(c)],
      cell: [c],
      inputGate: [i],
      forgetGate: [f],
      candidate: [g],
      outputGate: [o],
    },
  },
  'lstm, peepholes': {
    layer: { cell: 'lstm', ...forward, peepholes: true },
    parameters: { ...lstm, inputPeephole: [0.5], forgetPeephole: [-1], outputPeephole: [2] },
    x: 2,
    states: [[0.5], [-0.8]],
    expected: {
      hidden: [peepedO * tanh(peepedC)],
      cell: [peepedC],
      inputGate: [peepedI],
      forgetGate: [peepedF],
      candidate: [g],
      outputGate: [peepedO],
    },
  },
  'gru, reset before': {
    layer: { cell: 'gru', ...forward, reset: 'before' },
    parameters: {
      inputWeights: [0.3, -0.2, 0.4],
      recurrentWeights: [1, 0.6],
      candidateWeights: [-1],
      bias: [0.1, 1, -0.3],
    },
    x: 2,
    states: [[0.5]],
    expected: { hidden: [z * 0.5 + (1 - z) * before], resetGate: [r], updateGate: [z], candidate: [before] },
  },
  'gru, reset after': {
    layer: { cell: 'gru', ...forward, reset: 'after' },
    parameters: {
      inputWeights: [0.3, -0.2, 0.4],
      recurrentWeights: [1, 0.6, -1],
      candidateBias: [0.7],
      bias: [0.1, 1, -0.3],
    },
    x: 2,
    states: [[0.5]],
    expected: { hidden: [z * 0.5 + (1 - z) * after], resetGate: [r], updateGate: [z], candidate: [after] },
  },
  clockwork: {
    layer: { cell: 'clockwork', units: 2, periods: [1, 3], direction: 'forward' },
    parameters: { inputWeights: [0.3, 0.2], recurrentWeights: [-0.6, 0, 1.5, 0.8], bias: [0.1, -0.2] },
    x: 2,
    states: [[0.5, -0.4]],
    due: [1, 0],
    expected: { hidden: [tanh(0.6 - 0.3 - 0.6 + 0.1), -0.4], due: [1, 0] },
  },
  scrn: {
    layer: { cell: 'scrn', ...forward, contextUnits: 1, decay: 0.9 },
    parameters: scrn,
    x: 2,
    states: [[0.5], [0.4]],
    expected: { hidden: [σ(1.5 * context + 0.6 + 0.3)], context: [context] },
  },
  'scrn, learned decay': {
    layer: { cell: 'scrn', ...forward, contextUnits: 1, decay: 'learned' },
    parameters: { ...scrn, decayLogits: [0.3] },
    x: 2,
    states: [[0.5], [0.4]],
    expected: { hidden: [σ(1.5 * learnedContext + 0.6 + 0.3)], context: [learnedContext] },
  },
};
/** Every cell; whoever adds one is asked for its line above. */
const CELL_NAMES: Readonly<Record<CellName, true>> = {
  feedForward: true,
  elman: true,
  jordan: true,
  lstm: true,
  gru: true,
  clockwork: true,
  scrn: true,
};

const rowOf = (values: readonly number[]): Matrix => matrix(1, values.length, values);
function activationsOf(cell: Cell, { parameters, x, states, due }: Inspected): Values {
  const matrices = new Map(
    cell.parameters(1).map(({ name, role, shape }) => {
      const values = parameters[name]!;
      return [name, role === 'vector' || role === 'bias' ? rowOf(values) : matrix(shape[0]!, shape[1]!, values)];
    }),
  );
  const ofInput = product(rowOf([x]), matrices.get('inputWeights')!);
  const bias = matrices.get('bias');
  const { activations } = cell.step(float64Math, {
    projected: bias === undefined ? ofInput : float64Math.add(ofInput, bias),
    states: states.map(rowOf),
    due: due === undefined ? noPeriods : () => rowOf(due),
    product: (weights, a) => product(a, matrices.get(weights)!),
    vector: (name) => matrices.get(name)!,
  });
  return Object.fromEntries(Object.entries(activations).map(([name, { values }]) => [name, [...values]]));
}

describe('what a cell offers for inspection', () => {
  test.each(Object.entries(INSPECTED))('is what its equations name: %s', (_, inspected) => {
    const cell = cellOf(inspected.layer);
    expect(Object.keys(inspected.parameters).sort()).toEqual(
      cell
        .parameters(1)
        .map(({ name }) => name)
        .sort(),
    );
    const activations = activationsOf(cell, inspected);
    expect(Object.keys(activations)).toEqual(Object.keys(inspected.expected));
    for (const [name, values] of Object.entries(inspected.expected))
      values.forEach((value, k) => expect(activations[name]![k]).toBeCloseTo(value, 12));
  });

  test('is told of every cell', () => {
    expect(new Set(Object.values(INSPECTED).map(({ layer }) => layer.cell))).toEqual(new Set(Object.keys(CELL_NAMES)));
  });

  test('shows of a Clockwork the period of every module', () => {
    const { periods } = cellOf({ cell: 'clockwork', units: 6, periods: [1, 4, 16], direction: 'forward' });
    expect(periods).toEqual([1, 1, 4, 4, 16, 16]);
  });
});
