// Long short-term memory (Hochreiter & Schmidhuber 1997) with the forget gate of Gers, Schmidhuber & Cummins 2000.
//
//   z  = x·Wx + h·Wh + b          [N, 4H], blocks i f g o
//   i, f, o = σ(zi), σ(zf), σ(zo)   input, forget, output gate
//   g  = tanh(zg)                 candidate
//   c′ = f∘c + i∘g                 cell: the memory that the gates guard
//   h′ = o∘tanh(c′)                hidden: what the next step and the next layer see
import type { CellMath, GateKind } from './cell';

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
  const tanhC = m.tanh(next);
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
  return {
    gates: [
      m.multiply(g, m.timesOneMinus(i)),
      m.multiply(c, m.timesOneMinus(f)),
      m.multiply(i, m.oneMinusSquare(g)),
      m.multiply(tanhC, m.timesOneMinus(o)),
    ],
    cell: m.multiply(o, m.oneMinusSquare(tanhC)),
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

/** Preactivations of new LSTMs start with the forget gate open (Jozefowicz, Zaremba & Sutskever 2015). */
export const INITIAL_FORGET_BIAS = 1;
