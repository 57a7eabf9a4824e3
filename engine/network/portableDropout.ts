// Dropout as ordinary TensorFlow.js operations; see dropout.ts.
import type { Rank, Tensor3D } from '@tensorflow/tfjs';
import type { NetworkSpec } from '../../app/contract/network';
import { cellOf } from '../cells/registry';
import { makeRandom } from '../runtime/random';
import { maskNumber, recurrentDropoutOf } from './dropout';
import type { TensorFlow } from './portableBackend';
import type { LayerOptions } from './portableLayers';
import type { TrainStepOptions } from './program';

export type DropoutSeeds = Pick<TrainStepOptions, 'seed' | 'sequenceSeed'>;
/** Masks apart in the seed's sequence, so that they differ. */
const MASK_SEED_STEP = 0x9e3779b9;

/**
 * The layers' options for N rows.
 * @param seeds null: nothing is dropped. The same seeds drop the same values.
 */
export function droppingOptions(
  tf: TensorFlow,
  { dropout: rate }: Pick<NetworkSpec, 'dropout'>,
  N: number,
  seeds: DropoutSeeds | null,
): Pick<LayerOptions, 'dropout' | 'recurrentMask'> {
  if (seeds === null) return { dropout: null };
  const { seed, sequenceSeed = seed } = seeds;
  return {
    dropout:
      rate === 0 ? null : (output, layer) => dropped(tf, output, rate, seedOf(seed, maskNumber(layer, 'output'))),
    recurrentMask: (layer, index, direction) => {
      const share = recurrentDropoutOf(layer);
      const [first] = cellOf(layer).states;
      if (share === 0 || first === undefined) return null;
      const values = mask(N * first.size, share, seedOf(sequenceSeed, maskNumber(index, direction)));
      return tf.tensor2d(values, [N, first.size]);
    },
  };
}

const seedOf = (seed: number, number: number): number => seed + number * MASK_SEED_STEP;

const dropped = (tf: TensorFlow, output: Tensor3D, rate: number, seed: number): Tensor3D =>
  tf.mul(output, tf.tensor<Rank.R3>(mask(output.size, rate, seed), output.shape));

/** 0 where a value is dropped, 1 / (1 − rate) where it is kept. */
function mask(size: number, rate: number, seed: number): Float32Array {
  const random = makeRandom(seed);
  return Float32Array.from({ length: size }, () => (random() >= rate ? 1 / (1 - rate) : 0));
}
