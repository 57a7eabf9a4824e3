// A layer without memory: y[t] = f(x[t]·W + b).
import type { LayerOf } from '../../app/contract/network';
import type { Cell } from './cell';
import { drawn, weightCount } from './cellParameters';

export function feedForwardCell({ units, activation }: LayerOf<'feedForward'>): Cell {
  const parameters = (inputs: number) => [
    drawn('inputWeights', 'input', [inputs, units], inputs),
    drawn('bias', 'bias', [units], inputs),
  ];
  return {
    key: `feedForward_${activation}_${units}`,
    outputs: units,
    states: [],
    periods: null,
    parameters,
    step: (m, { projected }) => {
      const output = m.squash(activation, projected);
      return { states: [], output, activations: { hidden: output } };
    },
    multiplyAdds: (inputs) => weightCount(parameters(inputs)),
  };
}
