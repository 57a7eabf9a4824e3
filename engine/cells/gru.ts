// The gated recurrent unit (Cho et al. 2014): what the update gate keeps of the old it leaves out of the new.
//
//   r, z = σ(zr), σ(zz)            reset and update gate, zk = x·Wk + h·Uk + bk
//   n    = tanh(x·Wn + (r∘h)·Un + bn)          reset before the recurrent product (Cho et al. 2014)
//   n    = tanh(x·Wn + bn + r∘(h·Un + cn))     reset after it (as in cuDNN and PyTorch); cn is its bias of its own
//   h′   = z∘h + (1 − z)∘n
//
// Order of the blocks in weights and biases: r, z, n, the same as PyTorch's.
import type { LayerOf } from '../../app/contract/network';
import type { Cell, CellMath, StepInputs, StepResult } from './cell';
import { drawn, weightCount } from './cellParameters';

export function gruCell({ units, reset = 'before' }: LayerOf<'gru'>): Cell {
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
    drawn('bias', 'bias', [3 * units], units),
  ];
  return {
    key: `gru_${reset}_${units}`,
    outputs: units,
    states: [{ name: 'hidden', size: units }],
    periods: null,
    gatedProducts: reset === 'before' ? ['candidateWeights'] : [],
    parameters,
    step: reset === 'before' ? resetBefore : resetAfter,
    multiplyAdds: (inputs) => weightCount(parameters(inputs)),
  };

  function resetBefore<V>(m: CellMath<V>, { projected, states, product }: StepInputs<V>): StepResult<V> {
    const h = states[0]!;
    const [gates, candidate] = m.split(projected, [2 * units, units]) as [V, V];
    const [r, z] = m.gates(m.add(gates, product('recurrentWeights', h)), ['sigmoid', 'sigmoid']) as [V, V];
    return mixed(m, h, r, z, m.add(candidate, product('candidateWeights', m.multiply(r, h))));
  }
  function resetAfter<V>(m: CellMath<V>, { projected, states, product, vector }: StepInputs<V>): StepResult<V> {
    const h = states[0]!;
    const sizes = [2 * units, units];
    const [gates, candidate] = m.split(projected, sizes) as [V, V];
    const [recurrentGates, recurrent] = m.split(product('recurrentWeights', h), sizes) as [V, V];
    const [r, z] = m.gates(m.add(gates, recurrentGates), ['sigmoid', 'sigmoid']) as [V, V];
    return mixed(m, h, r, z, m.add(candidate, m.multiply(r, m.add(recurrent, vector('candidateBias')))));
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
