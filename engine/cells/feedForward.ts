// A layer without memory: y[t] = f(x[t]·W + b); with layer normalisation as in layerNorm.ts.
import type { LayerOf } from '../../app/contract/network';
import type { Cell } from './cell';
import { drawn, weightCount } from './cellParameters';
import { gainAndShift, layerNormalised } from './layerNorm';

export function feedForwardCell({ units, activation, layerNormalisation = false }: LayerOf<'feedForward'>): Cell {
  const parameters = (inputs: number) => {
    const bias = drawn('bias', 'bias', [units], inputs);
    return [
      drawn('inputWeights', 'input', [inputs, units], inputs),
      ...(layerNormalisation ? gainAndShift(bias) : [bias]),
    ];
  };
  return {
    key: `feedForward_${activation}${layerNormalisation ? '_normalised' : ''}_${units}`,
    outputs: units,
    states: [],
    periods: null,
    parameters,
    step: (m, { projected, vector }) => {
      const z = layerNormalisation ? layerNormalised(m, projected, units, vector) : projected;
      const output = m.squash(activation, z);
      return { states: [], output, activations: { hidden: output } };
    },
    multiplyAdds: (inputs) => weightCount(parameters(inputs)) + (layerNormalisation ? units : 0),
  };
}
