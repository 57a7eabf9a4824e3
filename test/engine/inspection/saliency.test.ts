// Gradients of a symbol by what the network saw, against differences of the network read in double precision.
import { describe, expect, test } from 'vitest';
import type { NetworkSpec } from '../../../app/contract/network';
import { saliencyOf, type HeardNetwork, type SaliencyQuestion } from '../../../engine/inspection/saliency';
import { openRowProducts } from '../../../engine/inspection/rowProducts';
import { FEATURES, openBelow } from '../../../engine/inspection/framesBelow';
import { createSeries, recordActivations } from '../../../engine/inspection/activations';
import { initialParameters } from '../../../engine/network/initialise';
import { openPortableProgram } from '../../../engine/network/portable';
import { stepCount } from '../../../engine/network/stack';
import { STACKS } from '../network/cellStacks';
import { float64Inputs, readNetwork } from '../network/float64Network';
import { expectClose, makeBatch } from '../network/fixtures';
import { temporaryStore } from './recorded';

const T = 45;

async function hear(spec: NetworkSpec, features: Float32Array): Promise<HeardNetwork> {
  const parameters = initialParameters(spec, 3);
  const store = await temporaryStore();
  const products = openRowProducts('wasm');
  const steps = stepCount(spec, T);
  store.create(FEATURES, T, spec.inputSize);
  await store.write(FEATURES, 0, features);
  createSeries(store, spec, steps);
  const below = await openBelow(spec, parameters, store, 'wasm');
  await recordActivations({ spec, parameters, products, store, steps, below });
  return { spec, parameters, products, store, steps, below, rung: 'wasm' };
}
/** [T, D] */
async function wholeSaliency(network: HeardNetwork, question: SaliencyQuestion): Promise<Float32Array> {
  const { first, width, values } = await saliencyOf(network, question);
  const whole = new Float32Array(T * width);
  whole.set(values, first * width);
  return whole;
}

describe('the gradient of a symbol', () => {
  test.each(STACKS)('equals the differences in double precision: $name', async ({ spec }) => {
    const { features, N, D } = makeBatch(spec, [T], T);
    const network = await hear(spec, features);
    const [step, classIndex] = [31, 1];
    const inputs = float64Inputs(network.parameters, { features, T, N, D, lengths: Int32Array.of(T) });
    const posterior = (change: { readonly t: number; readonly d: number; readonly by: number } | null) => {
      if (change !== null) inputs.x[change.t]!.values[change.d]! += change.by;
      const row = readNetwork(spec, inputs, Int32Array.of(T))[step]!.values;
      if (change !== null) inputs.x[change.t]!.values[change.d]! -= change.by;
      return {
        logit: row[classIndex]!,
        logPosterior: row[classIndex]! - Math.log(row.reduce((s, x) => s + Math.exp(x), 0)),
      };
    };
    const places = [0, 7, 29, 30, 31, 32, 44].flatMap((t) => [0, D - 1].map((d) => ({ t, d })));
    for (const of of ['logit', 'logPosterior'] as const) {
      const gradient = await wholeSaliency(network, { step, classIndex, of });
      const by = 1e-5;
      const differences = places.map(({ t, d }) => {
        const [up, down] = [by, -by].map((each) => posterior({ t, d, by: each })[of]);
        return (up! - down!) / (2 * by);
      });
      const largest = Math.max(...differences.map(Math.abs));
      expectClose(
        places.map(({ t, d }) => gradient[t * D + d]!),
        differences,
        1e-3 * largest + 1e-8,
      );
      expect(largest).toBeGreaterThan(1e-7);
    }
  });

  test.each([
    ['stacked frames', { stack: { frames: 3, step: 2 } }],
    ['convolutions', { front: { bands: 3, convolutions: [{ filters: 3, frames: 3, bands: 3, pool: 1 }] } }],
    [
      'convolutions and stacked frames',
      {
        stack: { frames: 2, step: 3 },
        front: { bands: 3, convolutions: [3, 5].map((frames) => ({ filters: 2, frames, bands: 3, pool: 1 })) },
      },
    ],
  ])('goes through %s', async (_, below) => {
    const spec: NetworkSpec = {
      inputSize: 6,
      ...below,
      layers: [{ cell: 'lstm', units: 5, direction: 'bidirectional' }],
      dropout: 0,
      head: { kind: 'ctc', classes: 4 },
    };
    const { features, N, D } = makeBatch(spec, [T], T);
    const network = await hear(spec, features);
    const program = await openPortableProgram(spec, network.parameters, 'wasm');
    const [step, classIndex] = [9, 2];
    const logit = async (t: number, d: number, by: number): Promise<number> => {
      const changed = features.slice();
      changed[t * D + d]! += by;
      const logits = await program.logits({ features: changed, T, N, D, lengths: Int32Array.of(T) });
      return logits[step * 4 + classIndex]!;
    };
    const gradient = await wholeSaliency(network, { step, classIndex, of: 'logit' });
    // Single precision: what the network answers is known to about 1e-7.
    const by = 2e-3;
    for (const t of [0, 15, 17, 18, 19, 20, 27, 30, 44]) {
      const difference = ((await logit(t, 2, by)) - (await logit(t, 2, -by))) / (2 * by);
      expect(gradient[t * D + 2]).toBeCloseTo(difference, 3);
    }
    expect(gradient.some((value) => Math.abs(value) > 0.01)).toBe(true);
  });

  test('leaves out what no part of it reaches', async () => {
    const spec: NetworkSpec = {
      inputSize: 3,
      layers: [{ cell: 'lstm', units: 5, direction: 'forward' }],
      dropout: 0,
      head: { kind: 'ctc', classes: 4 },
    };
    const network = await hear(spec, makeBatch(spec, [T], T).features);
    const { first, count } = await saliencyOf(network, { step: 20, classIndex: 1, of: 'logit' });
    expect([first, count]).toEqual([0, 21]);
  });
});
