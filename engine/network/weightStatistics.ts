// How the weights of a network lie: each parameter's values counted into equal parts around zero.
import type { ReplyOf } from '../../app/contract/messages';
import type { ParameterSet } from './parameters';

/** How the values of one parameter lie. */
export type WeightStatistics = ReplyOf<'inspection.weights'>['parameters'][number];
/** Odd, so that zero has a part of its own. */
const PARTS = 41;

/** In the network's own order; those of the front end and of embeddings are among them. */
export function weightStatistics(parameters: ParameterSet): WeightStatistics[] {
  return [...parameters.values()].map(({ name, shape, values }) => {
    let [sum, squares, largest] = [0, 0, 0];
    for (const value of values) {
      sum += value;
      squares += value * value;
      largest = Math.max(largest, Math.abs(value));
    }
    const count = Math.max(1, values.length);
    const mean = sum / count;
    const counts = new Int32Array(PARTS);
    for (const value of values) {
      const share = largest === 0 ? 0.5 : (value / largest + 1) / 2;
      counts[Math.min(PARTS - 1, Math.floor(share * PARTS))]!++;
    }
    const deviation = Math.sqrt(Math.max(0, squares / count - mean * mean));
    return { name, shape: [...shape], mean, deviation, largest, counts };
  });
}
