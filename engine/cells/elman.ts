// The simple recurrent network (Elman 1990).
//
//   h′ = f(x·Wx + h·Wh + b)        f: tanh, sigmoid or ReLU
import type { LayerOf } from '../../app/contract/network';
import type { Cell } from './cell';
import { drawn, weightCount } from './cellParameters';

export function elmanCell({ units, activation = 'tanh' }: LayerOf<'elman'>): Cell {
  const parameters = (inputs: number) => [
    drawn('inputWeights', 'input', [inputs, units], units),
    drawn('recurrentWeights', 'product', [units, units], units),
    drawn('bias', 'bias', [units], units),
  ];
  return {
    key: `elman_${activation}_${units}`,
    outputs: units,
    states: [{ name: 'hidden', size: units }],
    periods: null,
    parameters,
    step: (m, { projected, states, product }) => {
      const hidden = m.squash(activation, m.add(projected, product('recurrentWeights', states[0]!)));
      return { states: [hidden], output: hidden, activations: { hidden } };
    },
    multiplyAdds: (inputs) => weightCount(parameters(inputs)),
  };
}
