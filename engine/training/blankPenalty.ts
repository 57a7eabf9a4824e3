// A blank that costs: posteriors of CTC are blank but for short peaks, and where a peak is low the blank hides it.
import type { ParameterSet } from '../network/parameters';

/** The same network, but `nats` less on the score of the last class, which is the blank of CTC. The given parameters stay. */
export function withBlankPenalty(parameters: ParameterSet, nats: number): ParameterSet {
  const bias = parameters.get('head.bias');
  if (bias === undefined) throw new Error('Expected a head with a bias');
  const last = bias.values.length - 1;
  const values = bias.values.map((value, k) => (k === last ? value - nats : value));
  return new Map([...parameters, ['head.bias', { ...bias, values }]]);
}
