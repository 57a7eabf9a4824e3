// Jordan's network (Jordan 1986): its memory is its own output.
//
//   h  = tanh(x·Wx + y·Wy + b)
//   y′ = softmax(h·Wo + bo)        fed back, and handed up to the next layer
//
// With layer normalisation (layerNorm.ts) the sum inside tanh is normalised, the output's is not.
import type { LayerOf } from '../../app/contract/network';
import type { Cell } from './cell';
import { drawn, weightCount } from './cellParameters';
import { gainAndShift, layerNormalised } from './layerNorm';

export function jordanCell({ units, outputs, layerNormalisation = false }: LayerOf<'jordan'>): Cell {
  const bias = drawn('bias', 'bias', [units], units);
  const parameters = (inputs: number) => [
    drawn('inputWeights', 'input', [inputs, units], units),
    drawn('recurrentWeights', 'product', [outputs, units], units),
    ...(layerNormalisation ? gainAndShift(bias) : [bias]),
    drawn('outputWeights', 'product', [units, outputs], units),
    drawn('outputBias', 'vector', [outputs], units),
  ];
  return {
    key: `jordan${layerNormalisation ? '_normalised' : ''}_${units}_${outputs}`,
    outputs,
    states: [{ name: 'output', size: outputs }],
    periods: null,
    parameters,
    step: (m, { projected, states, product, vector }) => {
      const a = m.add(projected, product('recurrentWeights', states[0]!));
      const hidden = m.squash('tanh', layerNormalisation ? layerNormalised(m, a, units, vector) : a);
      const output = m.softmax(m.add(product('outputWeights', hidden), vector('outputBias')));
      return { states: [output], output, activations: { hidden, output } };
    },
    multiplyAdds: (inputs) => weightCount(parameters(inputs)) + (layerNormalisation ? units : 0),
  };
}
