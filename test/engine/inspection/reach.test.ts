// How far memory reaches, against differences of the layer read in double precision.
import { describe, expect, test } from 'vitest';
import type { LayerSpec, NetworkSpec } from '../../../app/contract/network';
import { noPeriods } from '../../../engine/cells/cell';
import { readingsOf } from '../../../engine/inspection/layerReading';
import { reachOf } from '../../../engine/inspection/reach';
import { openRowProducts } from '../../../engine/inspection/rowProducts';
import type { HeardNetwork } from '../../../engine/inspection/saliency';
import { cellOf } from '../../../engine/cells/registry';
import { openProgram } from '../../../engine/network/open';
import type { ParameterSet } from '../../../engine/network/parameters';
import { makeRandom } from '../../../engine/runtime/random';
import { USUAL_TRAINING } from '../../../engine/training/trainingRule';
import { initialParameters } from '../../../engine/network/initialise';
import { VARIANTS } from '../network/cellStacks';
import { float64Math as m, matrix, product, type Matrix } from '../../../engine/lab/float64';
import { expectClose, makeBatch } from '../network/fixtures';
import { record } from './recorded';

const T = 12;
const D = 3;
const networkOf = (layer: LayerSpec): NetworkSpec => ({
  inputSize: D,
  layers: [layer],
  dropout: 0,
  head: { kind: 'ctc', classes: 3 },
});
async function hear(
  spec: NetworkSpec,
  x: Float32Array,
  parameters: ParameterSet = initialParameters(spec, 3),
): Promise<HeardNetwork> {
  const { store } = await record({ spec, parameters, steps: T }, x);
  const products = openRowProducts('wasm');
  const below = async (first: number, count: number) => x.slice(first * D, (first + count) * D);
  return { spec, parameters, products, store, steps: T, below, rung: 'wasm' };
}
const rowOf = (values: ArrayLike<number>): Matrix => matrix(1, values.length, values);

/** The first memory after step `to`, from changed memories before step `from`. */
function memoryAfter(
  { spec, parameters }: HeardNetwork,
  x: Float32Array,
  change: {
    readonly from: number;
    readonly to: number;
    readonly state: number;
    readonly unit: number;
    readonly by: number;
  },
): Float64Array {
  const cell = cellOf(spec.layers[0]!);
  const all = new Map(
    cell.parameters(D).map(({ name, shape, mask }) => {
      const { values } = parameters.get(`layer0.forward.${name}`)!;
      const masked = mask === null ? values : values.map((value, k) => value * mask[k]!);
      return [name, shape.length === 2 ? matrix(shape[0]!, shape[1]!, masked) : rowOf(masked)];
    }),
  );
  let states: readonly Matrix[] = cell.states.map(({ size }) => rowOf(new Float64Array(size)));
  for (let t = 0; t <= change.to; t++) {
    if (t === change.from) states[change.state]!.values[change.unit]! += change.by;
    const projected = product(rowOf(x.subarray(t * D, (t + 1) * D)), all.get('inputWeights')!);
    const bias = all.get('bias');
    states = cell
      .step(m, {
        projected: bias === undefined ? projected : m.add(projected, bias),
        states,
        due: () => rowOf((cell.periods ?? noPeriods()).map((period) => (t % period === 0 ? 1 : 0))),
        product: (name, a) => product(a, all.get(name)!),
        vector: (name) => all.get(name)!,
      })
      .states.map(({ values }) => rowOf(values));
  }
  return states[0]!.values;
}

describe('how far memory reaches', () => {
  const recurrent = Object.entries(VARIANTS).filter(([, { cell }]) => cell !== 'feedForward');
  test.each(recurrent)('equals the norm of differences in double precision: %s', async (_, variant) => {
    const layer = { direction: 'forward', ...variant } as LayerSpec;
    const spec = networkOf(layer);
    const x = makeBatch(spec, [T], T).features;
    const network = await hear(spec, x);
    const step = 9;
    const [place] = readingsOf(spec);
    const { method, memories } = await reachOf(network, { place: place!, step, lags: 4 });
    expect(method).toBe('exact');
    const { states } = cellOf(layer);
    states.forEach(({ size }, state) => {
      const expected = [1, 2, 4].map((k) => {
        const squares = Array.from({ length: size }, (_, unit) => {
          const at = (by: number) => memoryAfter(network, x, { from: step - k + 1, to: step, state, unit, by });
          const [up, down] = [at(1e-5), at(-1e-5)];
          return up.reduce((sum, value, j) => sum + ((value - down[j]!) / 2e-5) ** 2, 0);
        });
        return Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
      });
      const { norms } = memories[state]!;
      expect(norms[0]).toBeCloseTo(state === 0 ? Math.sqrt(size) : 0, 6);
      expectClose([norms[1]!, norms[2]!, norms[4]!], expected, 2e-5);
    });
  });

  test('ends at the beginning, whichever way a layer reads', async () => {
    const spec = networkOf({ cell: 'gru', units: 4, direction: 'bidirectional' });
    const network = await hear(spec, makeBatch(spec, [T], T).features);
    const [forward, reverse] = readingsOf(spec);
    const lengthOf = async (place: typeof forward): Promise<number> =>
      (await reachOf(network, { place: place!, step: 3, lags: 100 })).memories[0]!.norms.length;
    expect([await lengthOf(forward), await lengthOf(reverse)]).toEqual([5, 10]);
  });

  test('of a large layer is sampled, near the exact', async () => {
    const exactly = networkOf({ cell: 'elman', units: 64, direction: 'forward' });
    const x = makeBatch(exactly, [T], T).features;
    const small = await hear(exactly, x);
    const large = await hear(networkOf({ cell: 'elman', units: 65, direction: 'forward' }), x);
    const norms = async (network: HeardNetwork) => {
      const reach = await reachOf(network, { place: readingsOf(network.spec)[0]!, step: 9, lags: 3 });
      return { ...reach, last: reach.memories[0]!.norms[3]! };
    };
    const [a, b] = [await norms(small), await norms(large)];
    expect([a.method, a.directions, b.method, b.directions]).toEqual(['exact', 64, 'sampled', 32]);
    expect(b.last / a.last).toBeGreaterThan(0.8);
    expect(b.last / a.last).toBeLessThan(1.25);
  });

  test('is longer in a trained LSTM than in an Elman network trained alike, to keep what was heard first', async () => {
    const reached = async (cell: 'elman' | 'lstm'): Promise<number> => {
      const layer = { cell, units: 8, direction: 'forward' } as const;
      const spec: NetworkSpec = { ...networkOf(layer), head: { kind: 'framewise', classes: 2 } };
      const { parameters, x, losses } = await keepingTheFirst(spec);
      expect(losses.at(-1)).toBeLessThan(0.5 * losses[0]!);
      const network = await hear(spec, x, parameters);
      const { memories } = await reachOf(network, { place: readingsOf(spec)[0]!, step: T - 1, lags: 10 });
      // Of an LSTM the cell is what keeps.
      const { norms } = memories.at(-1)!;
      return norms[10]! / norms[1]!;
    };
    const [elman, lstm] = [await reached('elman'), await reached('lstm')];
    expect(lstm).toBeGreaterThan(5 * elman);
  });
});

/** Trains a network to say at every step which of two classes the first one was of, with noise after it. */
async function keepingTheFirst(
  spec: NetworkSpec,
): Promise<{ parameters: ParameterSet; x: Float32Array; losses: readonly number[] }> {
  const [N, random] = [8, makeRandom(11)];
  const features = Float32Array.from({ length: T * N * D }, () => 0.2 * (random() - 0.5));
  for (let n = 0; n < N; n++) features[n * D] = n % 2 === 0 ? 1 : -1;
  const batch = {
    ...{ features, T, N, D, lengths: new Int32Array(N).fill(T) },
    labels: Array.from({ length: N }, (_, n) => new Int32Array(T).fill(n % 2)),
    rowWeights: new Float32Array(N).fill(1 / N),
  };
  const program = await openProgram(spec, initialParameters(spec, 3), 'wasm', USUAL_TRAINING);
  const losses: number[] = [];
  try {
    for (let step = 1; step <= 25; step++)
      losses.push((await program.trainStep(batch, { learningRate: 0.05, seed: step })).loss);
    const x = Float32Array.from({ length: T * D }, (_, at) => features[Math.floor(at / D) * N * D + (at % D)]!);
    return { parameters: program.parameters(), x, losses };
  } finally {
    program.dispose();
  }
}
