// How far memory reaches: how much of what a layer remembers k steps before still moves what it remembers now. Where the norm
// falls by the same factor at every step, a gradient vanishes as fast (Bengio, Simard & Frasconi 1994).
import type { ReplyOf } from '../../app/contract/messages';
import { makeRandom } from '../runtime/random';
import { stepsUnder, turnOfOthers } from './activations';
import { LayerReading, type ReadingPlace } from './layerReading';
import { ReadingBack } from './readingBack';
import type { HeardNetwork } from './saliency';

/** Layers of so many units are worked out exactly. */
const MOST_EXACT_UNITS = 64;
const SAMPLED_DIRECTIONS = 32;
const PIECE_STEPS = 32;
const SEED = 1;

export interface ReachQuestion {
  readonly place: ReadingPlace;
  readonly step: number;
  readonly lags: number;
}

/**
 * ‖∂h[t] / ∂m[t − k]‖ (Frobenius) for k = 0 … lags, or to the reading's beginning; h is the cell's first memory and m each of
 * its memories, taken after their step. At k = 0 h is itself.
 *
 * ‖J‖² is the sum of ‖Jᵀe‖² over all units e, or, for large layers, the mean of ‖Jᵀv‖² over random v of ±1 (Hutchinson 1990).
 */
export async function reachOf(
  network: HeardNetwork,
  { place, step, lags }: ReachQuestion,
): Promise<ReplyOf<'inspection.reach'>> {
  const { store, steps, products, parameters, signal } = network;
  const back = new ReadingBack(new LayerReading(place, parameters, products), products);
  const { cell } = back.reading;
  const units = cell.states[0]?.size ?? 0;
  const isExact = units <= MOST_EXACT_UNITS;
  const probes = isExact ? unitVectors(units) : signVectors(units, SAMPLED_DIRECTIONS);
  let gradients = probes.map((probe) =>
    cell.states.map(({ size }, state) => (state === 0 ? probe.slice() : new Float32Array(size))),
  );
  const norms: number[][] = cell.states.map(() => []);
  const note = (): void =>
    norms.forEach((all, state) => {
      const squares = gradients.reduce((sum, each) => sum + squareOf(each[state]!), 0);
      all.push(Math.sqrt(isExact ? squares : squares / probes.length));
    });
  note();
  const isForward = place.direction === 'forward';
  const under = stepsUnder(network, place.index);
  const end = isForward ? Math.max(0, step - lags + 1) : Math.min(steps - 1, step + lags - 1);
  for (let t = step; units > 0 && (isForward ? t >= end : t <= end);) {
    const count = Math.min(PIECE_STEPS, Math.abs(end - t) + 1);
    const first = isForward ? t - count + 1 : t;
    const piece = await back.recorded(store, under, first, count);
    const columns = piece.projected.length / count;
    for (let k = 0; k < count; k++, t += isForward ? -1 : 1) {
      const row = t - first;
      const given = piece.projected.subarray(row * columns, (row + 1) * columns);
      const taken = back.take(given, piece.before[row]!, back.heardBefore(t, steps));
      gradients = gradients.map((states) => taken.back(null, states).states.map((state) => state.slice()));
      note();
    }
    await turnOfOthers(signal);
  }
  return {
    method: isExact ? 'exact' : 'sampled',
    directions: probes.length,
    memories: cell.states.map(({ name }, state) => ({ name, norms: Float32Array.from(norms[state]!) })),
  };
}

const squareOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value * value, 0);

const unitVectors = (units: number): Float32Array[] =>
  Array.from({ length: units }, (_, unit) => {
    const vector = new Float32Array(units);
    vector[unit] = 1;
    return vector;
  });
function signVectors(units: number, count: number): Float32Array[] {
  const random = makeRandom(SEED);
  return Array.from({ length: count }, () => Float32Array.from({ length: units }, () => (random() < 0.5 ? -1 : 1)));
}
