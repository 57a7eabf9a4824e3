// Jordan's network (Jordan 1986): its memory is its own output.
//
//   h  = tanh(x·Wx + y·Wy + b)
//   y′ = softmax(h·Wo + bo)        fed back, and handed up to the next layer
import type { LayerOf } from '../../app/contract/network';
import type { Cell } from './cell';
import { drawn, weightCount } from './cellParameters';

export function jordanCell({ units, outputs }: LayerOf<'jordan'>): Cell {
  const parameters = (inputs: number) => [
    drawn('inputWeights', 'input', [inputs, units], units),
    drawn('recurrentWeights', 'product', [outputs, units], units),
    drawn('bias', 'bias', [units], units),
    drawn('outputWeights', 'product', [units, outputs], units),
    drawn('outputBias', 'vector', [outputs], units),
  ];
  return {
    key: `jordan_${units}_${outputs}`,
    outputs,
    states: [{ name: 'output', size: outputs }],
    periods: null,
    parameters,
    step: (m, { projected, states, product, vector }) => {
      const hidden = m.squash('tanh', m.add(projected, product('recurrentWeights', states[0]!)));
      const output = m.softmax(m.add(product('outputWeights', hidden), vector('outputBias')));
      return { states: [output], output, activations: { hidden, output } };
    },
    multiplyAdds: (inputs) => weightCount(parameters(inputs)),
  };
}
