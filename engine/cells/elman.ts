// The simple recurrent network (Elman 1990).
//
//   h′ = f(x·Wx + h·Wh + b)        f: tanh, sigmoid or ReLU; with layer normalisation as in layerNorm.ts
import type { LayerOf } from '../../app/contract/network';
import type { Cell } from './cell';
import { drawn, weightCount } from './cellParameters';
import { gainAndShift, layerNormalised } from './layerNorm';

export function elmanCell({ units, activation = 'tanh', layerNormalisation = false }: LayerOf<'elman'>): Cell {
  const bias = drawn('bias', 'bias', [units], units);
  const parameters = (inputs: number) => [
    drawn('inputWeights', 'input', [inputs, units], units),
    drawn('recurrentWeights', 'product', [units, units], units),
    ...(layerNormalisation ? gainAndShift(bias) : [bias]),
  ];
  return {
    key: `elman_${activation}${layerNormalisation ? '_normalised' : ''}_${units}`,
    outputs: units,
    states: [{ name: 'hidden', size: units }],
    periods: null,
    parameters,
    step: (m, { projected, states, product, vector }) => {
      const a = m.add(projected, product('recurrentWeights', states[0]!));
      const hidden = m.squash(activation, layerNormalisation ? layerNormalised(m, a, units, vector) : a);
      return { states: [hidden], output: hidden, activations: { hidden } };
    },
    multiplyAdds: (inputs) => weightCount(parameters(inputs)) + (layerNormalisation ? units : 0),
  };
}
