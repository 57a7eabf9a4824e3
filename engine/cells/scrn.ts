// The structurally constrained recurrent network (Mikolov, Joulin, Chopra, Mathieu & Ranzato 2014, equations 4 to 6, and
// section 3.3 for the learned decay): beside the hidden units stand context units that change slowly.
//
//   s′ = (1 − α)∘(x·B) + α∘s        context; α fixed, or σ(a) with a learned for each unit
//   h′ = σ(s′·P + x·A + h·R)        hidden
//
// The layer hands up h′ and s′ side by side; the paper's output h′·U + s′·V is then the next layer's or the head's product.
// Columns of the input weights: A, then B. The paper has no biases. With layer
// normalisation (layerNorm.ts) the sum inside σ is normalised, the context is not.
import type { LayerOf } from '../../app/contract/network';
import type { Cell, CellMath, StepInputs, StepResult } from './cell';
import { constant, drawn, weightCount } from './cellParameters';
import { gainAndShift, layerNormalised } from './layerNorm';

const DECAY = 0.95;

export function scrnCell({ units, contextUnits, decay = DECAY, layerNormalisation = false }: LayerOf<'scrn'>): Cell {
  const parameters = (inputs: number) => [
    drawn('inputWeights', 'input', [inputs, units + contextUnits], units),
    drawn('recurrentWeights', 'product', [units, units], units),
    drawn('contextWeights', 'product', [contextUnits, units], units),
    ...(decay === 'learned' ? [constant('decayLogits', 'vector', [contextUnits], Math.log(DECAY / (1 - DECAY)))] : []),
    ...(layerNormalisation ? gainAndShift(constant('bias', 'bias', [units], 0)) : []),
  ];
  return {
    key: `scrn${layerNormalisation ? '_normalised' : ''}_${units}_${contextUnits}_${decay}`,
    outputs: units + contextUnits,
    states: [
      { name: 'hidden', size: units },
      { name: 'context', size: contextUnits },
    ],
    periods: null,
    parameters,
    step,
    multiplyAdds: (inputs) =>
      weightCount(parameters(inputs)) + (decay === 'learned' ? contextUnits : 0) + (layerNormalisation ? units : 0),
  };

  function step<V>(m: CellMath<V>, given: StepInputs<V>): StepResult<V> {
    const { states, product, vector } = given;
    const [h, s] = states as [V, V];
    const [xA, xB] = m.split(given.projected, [units, contextUnits]) as [V, V];
    const context = mixed(m, given, xB, s);
    const fromContext = product('contextWeights', context);
    const a = m.add(m.add(fromContext, xA), product('recurrentWeights', h));
    const hidden = m.squash('sigmoid', layerNormalisation ? layerNormalised(m, a, units, vector) : a);
    return { states: [hidden, context], output: m.join([hidden, context]), activations: { hidden, context } };
  }
  function mixed<V>(m: CellMath<V>, { vector }: StepInputs<V>, fresh: V, kept: V): V {
    if (decay !== 'learned') return m.add(m.scale(fresh, 1 - decay), m.scale(kept, decay));
    const alpha = m.squash('sigmoid', vector('decayLogits'));
    return m.add(m.multiply(m.oneMinus(alpha), fresh), m.multiply(alpha, kept));
  }
}
