// The gated recurrent unit (Cho et al. 2014): what the update gate keeps of the old it leaves out of the new.
//
//   r, z = σ(zr), σ(zz)            reset and update gate, zk = x·Wk + h·Uk + bk
//   n    = tanh(x·Wn + (r∘h)·Un + bn)          reset before the recurrent product (Cho et al. 2014)
//   n    = tanh(x·Wn + bn + r∘(h·Un + cn))     reset after it (as in cuDNN and PyTorch); cn is its bias of its own
//   h′   = z∘h + (1 − z)∘n
//
// Order of the blocks in weights and biases: r, z, n, the same as PyTorch's.
//
// With layer normalisation (layerNorm.ts) the sums of r, z and n are normalised, with shifts after it for bk and bn; with the
// reset after the product, n's sum is x·Wn + r∘(h·Un + cn).
import type { LayerOf } from '../../app/contract/network';
import type { Cell, CellMath, StepInputs, StepResult } from './cell';
import { drawn, weightCount } from './cellParameters';
import { gainAndShift, layerNormalised } from './layerNorm';

const CANDIDATE = { gain: 'candidateGain', shift: 'candidateShift' } as const;

export function gruCell({ units, reset = 'before', layerNormalisation = false }: LayerOf<'gru'>): Cell {
  const parameters = (inputs: number) => [
    drawn('inputWeights', 'input', [inputs, 3 * units], units),
    ...(reset === 'before'
      ? [
          drawn('recurrentWeights', 'product', [units, 2 * units], units),
          drawn('candidateWeights', 'product', [units, units], units),
        ]
      : [
          drawn('recurrentWeights', 'product', [units, 3 * units], units),
          drawn('candidateBias', 'vector', [units], units),
        ]),
    ...(layerNormalisation
      ? [
          ...gainAndShift(drawn('bias', 'bias', [2 * units], units)),
          ...gainAndShift(drawn('bias', 'bias', [units], units), CANDIDATE),
        ]
      : [drawn('bias', 'bias', [3 * units], units)]),
  ];
  return {
    key: `gru_${reset}${layerNormalisation ? '_normalised' : ''}_${units}`,
    outputs: units,
    states: [{ name: 'hidden', size: units }],
    periods: null,
    gatedProducts: reset === 'before' ? ['candidateWeights'] : [],
    parameters,
    step: reset === 'before' ? resetBefore : resetAfter,
    multiplyAdds: (inputs) => weightCount(parameters(inputs)) + (layerNormalisation ? 3 * units : 0),
  };

  function squashedGates<V>(m: CellMath<V>, a: V, vector: StepInputs<V>['vector']): [r: V, z: V] {
    const z = layerNormalisation ? layerNormalised(m, a, units, vector) : a;
    return m.gates(z, ['sigmoid', 'sigmoid']) as [V, V];
  }
  /** The candidate's preactivation from its sum. */
  function candidateOf<V>(m: CellMath<V>, a: V, vector: StepInputs<V>['vector']): V {
    return layerNormalisation ? layerNormalised(m, a, units, vector, CANDIDATE) : a;
  }

  function resetBefore<V>(m: CellMath<V>, { projected, states, product, vector }: StepInputs<V>): StepResult<V> {
    const h = states[0]!;
    const [gates, candidate] = m.split(projected, [2 * units, units]) as [V, V];
    const [r, z] = squashedGates(m, m.add(gates, product('recurrentWeights', h)), vector);
    const a = m.add(candidate, product('candidateWeights', m.multiply(r, h)));
    return mixed(m, h, r, z, candidateOf(m, a, vector));
  }
  function resetAfter<V>(m: CellMath<V>, { projected, states, product, vector }: StepInputs<V>): StepResult<V> {
    const h = states[0]!;
    const sizes = [2 * units, units];
    const [gates, candidate] = m.split(projected, sizes) as [V, V];
    const [recurrentGates, recurrent] = m.split(product('recurrentWeights', h), sizes) as [V, V];
    const [r, z] = squashedGates(m, m.add(gates, recurrentGates), vector);
    const a = m.add(candidate, m.multiply(r, m.add(recurrent, vector('candidateBias'))));
    return mixed(m, h, r, z, candidateOf(m, a, vector));
  }
}

/** h′ from the gates and the candidate's preactivation, [N, H] each. */
function mixed<V>(m: CellMath<V>, h: V, r: V, z: V, preactivation: V): StepResult<V> {
  const candidate = m.squash('tanh', preactivation);
  const hidden = m.add(m.multiply(z, h), m.multiply(m.oneMinus(z), candidate));
  return {
    states: [hidden],
    output: hidden,
    activations: { hidden, resetGate: r, updateGate: z, candidate },
  };
}
