// The Clockwork RNN (Koutník, Greff, Gomez & Schmidhuber 2014, equations 1 to 4): modules of units, each with a clock.
//
//   h′ = tanh(x·Wx + h·Wh + b)     for the modules whose period divides t; the others keep their h
//
// t counts from the sequence's own first step. Modules are sorted from fast to slow, and only a slower (or the same) module
// feeds a module: of Wh, as blocks from module j to module i, those with j ≥ i exist.
import type { LayerOf } from '../../app/contract/network';
import type { Cell, CellMath, CellParameter } from './cell';
import { drawn } from './cellParameters';

/** h′ of modules that are due. @param heard what is summed up: x·Wx + b, and h·Wh of the modules that feed them */
export const moduleUpdate = <V>(m: CellMath<V>, heard: readonly V[]): V =>
  m.squash(
    'tanh',
    heard.reduce((sum, value) => m.add(sum, value)),
  );
/** ∂L/∂(what is summed up) from ∂L/∂h′ */
export const moduleBackward = <V>(m: CellMath<V>, h: V, dh: V): V => m.multiply(dh, m.oneMinus(m.multiply(h, h)));

export function clockworkCell({ units, periods }: LayerOf<'clockwork'>): Cell {
  const width = units / periods.length;
  const moduleOf = (unit: number): number => Math.floor(unit / width);
  return {
    key: `clockwork_${units}_${periods.join('_')}`,
    outputs: units,
    states: [{ name: 'hidden', size: units }],
    periods: Array.from({ length: units }, (_, unit) => periods[moduleOf(unit)]!),
    parameters: (inputs) => {
      const mask = Float32Array.from({ length: units * units }, (_, k) =>
        moduleOf(Math.floor(k / units)) >= moduleOf(k % units) ? 1 : 0,
      );
      return [
        drawn('inputWeights', 'input', [inputs, units], units),
        masked(drawn('recurrentWeights', 'product', [units, units], units), mask),
        drawn('bias', 'bias', [units], units),
      ];
    },
    step: (m, { projected, states, product, due }) => {
      const h = states[0]!;
      const isDue = due();
      const updated = moduleUpdate(m, [projected, product('recurrentWeights', h)]);
      const hidden = m.add(m.multiply(isDue, updated), m.multiply(m.oneMinus(isDue), h));
      return { states: [hidden], output: hidden, activations: { hidden, due: isDue } };
    },
    multiplyAdds: (inputs) =>
      periods.reduce((sum, period, index) => sum + (width * (inputs + units - index * width)) / period, 0),
  };
}

function masked(parameter: CellParameter, mask: Float32Array): CellParameter {
  return { ...parameter, mask, initial: (random) => parameter.initial(random).map((value, k) => value * mask[k]!) };
}
