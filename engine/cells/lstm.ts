// Long short-term memory (Hochreiter & Schmidhuber 1997) with the forget gate of Gers, Schmidhuber & Cummins 2000 and, where
// asked for, the peepholes of Gers & Schmidhuber 2000.
//
//   z  = x·Wx + h·Wh + b          [N, 4H], blocks i f g o
//   i, f, o = σ(zi), σ(zf), σ(zo)   input, forget, output gate
//   g  = tanh(zg)                 candidate
//   c′ = f∘c + i∘g                 cell: the memory that the gates guard
//   h′ = o∘tanh(c′)                hidden: what the next step and the next layer see
//
// Peepholes p: i and f also see the cell as it was, σ(zi + pi∘c) and σ(zf + pf∘c); o sees it as it becomes, σ(zo + po∘c′).
// With layer normalisation (layerNorm.ts) the blocks of x·Wx + h·Wh are normalised, before any peepholes.
import type { LayerOf } from '../../app/contract/network';
import type { Cell, CellMath, CellParameter, GateKind, StepInputs, StepResult } from './cell';
import { drawn, uniform, weightCount } from './cellParameters';
import { gainAndShift, layerNormalised } from './layerNorm';

/** Order of the blocks in weights and biases, the same as PyTorch's. */
export const LSTM_GATES = ['inputGate', 'forgetGate', 'candidate', 'outputGate'] as const;
export const LSTM_GATE_KINDS: readonly GateKind[] = ['sigmoid', 'sigmoid', 'tanh', 'sigmoid'];

export interface LstmStep<V> {
  readonly h: V;
  readonly c: V;
  readonly i: V;
  readonly f: V;
  readonly g: V;
  readonly o: V;
  readonly tanhC: V;
}

/** One step from the preactivation z [N, 4H] and the previous cell c [N, H]. */
export function lstmStep<V>(m: CellMath<V>, z: V, c: V): LstmStep<V> {
  const [i, f, g, o] = m.gates(z, LSTM_GATE_KINDS) as [V, V, V, V];
  const next = m.add(m.multiply(f, c), m.multiply(i, g));
  const tanhC = m.squash('tanh', next);
  return { h: m.multiply(o, tanhC), c: next, i, f, g, o, tanhC };
}

/** What the backward pass needs of a step, so that going back is a few multiplications. All [N, H]. */
export interface LstmDerivatives<V> {
  /** ∂c′/∂zi, ∂c′/∂zf, ∂c′/∂zg, ∂h′/∂zo */
  readonly gates: readonly [V, V, V, V];
  /** ∂h′/∂c′ */
  readonly cell: V;
  /** ∂c′/∂c = f */
  readonly forget: V;
}

/** The step's local derivatives, computed on the way forward; c is the previous cell. */
export function lstmDerivatives<V>(m: CellMath<V>, step: LstmStep<V>, c: V): LstmDerivatives<V> {
  const { i, f, g, o, tanhC } = step;
  const timesOneMinus = (a: V): V => m.multiply(a, m.oneMinus(a));
  const oneMinusSquare = (a: V): V => m.oneMinus(m.multiply(a, a));
  return {
    gates: [
      m.multiply(g, timesOneMinus(i)),
      m.multiply(c, timesOneMinus(f)),
      m.multiply(i, oneMinusSquare(g)),
      m.multiply(tanhC, timesOneMinus(o)),
    ],
    cell: m.multiply(o, oneMinusSquare(tanhC)),
    forget: f,
  };
}

/** One step backward: from ∂L/∂h′ and ∂L/∂c′ to ∂L/∂z (four blocks) and ∂L/∂c. */
export function lstmBackward<V>(
  m: CellMath<V>,
  d: LstmDerivatives<V>,
  dh: V,
  dcNext: V,
): { dz: readonly [V, V, V, V]; dc: V } {
  const dc = m.add(dcNext, m.multiply(dh, d.cell));
  return {
    dz: [
      m.multiply(dc, d.gates[0]),
      m.multiply(dc, d.gates[1]),
      m.multiply(dc, d.gates[2]),
      m.multiply(dh, d.gates[3]),
    ],
    dc: m.multiply(dc, d.forget),
  };
}

/** Names of the peephole weights of input, forget and output gate. */
export const PEEPHOLES = ['inputPeephole', 'forgetPeephole', 'outputPeephole'] as const;

/** One step with peepholes, from the preactivation z [N, 4H] and the previous cell c [N, H]. */
function peepholeStep<V>(m: CellMath<V>, units: number, z: V, c: V, vector: StepInputs<V>['vector']): LstmStep<V> {
  const [zi, zf, zg, zo] = m.split(z, [units, units, units, units]) as [V, V, V, V];
  const peeped = (zk: V, name: string, cell: V): V => m.add(zk, m.multiply(vector(name), cell));
  const i = m.squash('sigmoid', peeped(zi, 'inputPeephole', c));
  const f = m.squash('sigmoid', peeped(zf, 'forgetPeephole', c));
  const g = m.squash('tanh', zg);
  const next = m.add(m.multiply(f, c), m.multiply(i, g));
  const o = m.squash('sigmoid', peeped(zo, 'outputPeephole', next));
  const tanhC = m.squash('tanh', next);
  return { h: m.multiply(o, tanhC), c: next, i, f, g, o, tanhC };
}

/** Preactivations of new LSTMs start with the forget gate open (Jozefowicz, Zaremba & Sutskever 2015). */
const INITIAL_FORGET_BIAS = 1;

export function lstmCell({
  units,
  peepholes = false,
  forgetBias = INITIAL_FORGET_BIAS,
  layerNormalisation = false,
}: LayerOf<'lstm'>): Cell {
  const columns = LSTM_GATES.length * units;
  const bias: CellParameter = {
    ...drawn('bias', 'bias', [columns], units),
    initial: (random) => {
      const isForget = (column: number): boolean => column >= units && column < 2 * units;
      return uniform([columns], units)(random).map((value, k) => (isForget(k) ? value + forgetBias : value));
    },
  };
  const parameters = (inputs: number): CellParameter[] => [
    drawn('inputWeights', 'input', [inputs, columns], units),
    drawn('recurrentWeights', 'product', [units, columns], units),
    ...(layerNormalisation ? gainAndShift(bias) : [bias]),
    ...(peepholes ? PEEPHOLES.map((name) => drawn(name, 'vector', [units], units)) : []),
  ];
  return {
    key: `lstm${peepholes ? '_peephole' : ''}${layerNormalisation ? '_normalised' : ''}_${units}`,
    outputs: units,
    states: [
      { name: 'hidden', size: units },
      { name: 'cell', size: units },
    ],
    periods: null,
    parameters,
    step,
    multiplyAdds: (inputs) =>
      weightCount(parameters(inputs)) + (peepholes ? PEEPHOLES.length * units : 0) + (layerNormalisation ? columns : 0),
  };

  function step<V>(m: CellMath<V>, { projected, states, product, vector }: StepInputs<V>): StepResult<V> {
    const [hidden, cell] = states as [V, V];
    const a = m.add(projected, product('recurrentWeights', hidden));
    const z = layerNormalisation ? layerNormalised(m, a, units, vector) : a;
    const { h, c, i, f, g, o } = peepholes ? peepholeStep(m, units, z, cell, vector) : lstmStep(m, z, cell);
    return {
      states: [h, c],
      output: h,
      activations: { hidden: h, cell: c, inputGate: i, forgetGate: f, candidate: g, outputGate: o },
    };
  }
}
