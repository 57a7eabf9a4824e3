// Convolutions in front of the recurrent layers (LeCun et al. 1998; in front of recurrent layers Amodei et al. 2016, "Deep
// Speech 2"): one filter is read over all bands, so that a voice whose resonances lie a little higher looks alike.
//
//   a[t, b, k] = Σ x[t + i, b + j, c] · W[i, j, c, k] + bias[k]   over i frames and j bands around the middle
//   y[t, b′, k] = max over a pool of bands of relu(a[t, b, k])
//
// With layer normalisation (Ba, Kiros & Hinton 2016) a, without its bias, is standardised before it is rectified:
//
//   y[t, b′, k] = max over a pool of bands of relu(g[k] · (a[t, b, k] − μ[t]) / σ[t] + bias[k])
//
// with μ and σ over all bands and filters of the frame, and a gain g that begins at 1. What a frame becomes then depends on no
// other frame than those under the filter, nor on other sequences.
//
// With batch normalisation (Ioffe & Szegedy 2015) each filter is standardised by itself:
//
//   y[t, b′, k] = max over a pool of bands of relu(g[k] · (a[t, b, k] − μ[k]) / √(σ²[k] + ε) + bias[k])
//
// In training μ and σ² are those of the batch: over the bands of all frames that belong to a sequence. They are measured on
// the way, μ̄ ← μ̄ + 0.1·(μ − μ̄) and the variance alike (with n − 1, as in PyTorch), and recognition uses what was measured:
// there too a frame then depends on no other frame than those under the filter.
//
// Letters: T frames, N sequences, B bands, C channels, K filters. Outside the bands and past a sequence's end x is 0, so that
// padding changes nothing.
import type { NetworkSpec } from '../../app/contract/network';
import { layerInputSize } from './embedding';

/** One convolution with the sizes of what it is given. */
export interface ConvolutionShape {
  /** Of its parameters' names: "front0". */
  readonly prefix: string;
  /** B and C of its input. */
  readonly bands: number;
  readonly channels: number;
  readonly filters: number;
  /** Frames and bands under a filter. */
  readonly kernel: readonly [frames: number, bands: number];
  readonly pool: number;
  readonly normalisation: 'none' | 'layer' | 'batch';
  /** B′, bands handed up. */
  readonly pooledBands: number;
}

/** The front's convolutions from the input up; none where a network has no front. */
export function convolutionShapes({ inputSize, front }: Pick<NetworkSpec, 'inputSize' | 'front'>): ConvolutionShape[] {
  if (front === undefined) return [];
  let { bands } = front;
  let channels = inputSize / bands;
  return front.convolutions.map((convolution, index) => {
    const { filters, frames, bands: height, pool } = convolution;
    const pooledBands = Math.floor(bands / pool);
    const shape = {
      prefix: `front${index}`,
      bands,
      channels,
      filters,
      kernel: [frames, height],
      pool,
      normalisation: convolution.normalisation ?? (convolution.layerNormalisation === true ? 'layer' : 'none'),
      pooledBands,
    } as const;
    bands = pooledBands;
    channels = filters;
    return shape;
  });
}

/** D as the first layer sees it: bands times channels of the last convolution, a vector of the embedding, or the input. */
export function frontOutputSize(spec: Pick<NetworkSpec, 'inputSize' | 'front' | 'embedding'>): number {
  const last = convolutionShapes(spec).at(-1);
  return last === undefined ? layerInputSize(spec) : last.pooledBands * last.filters;
}

/** A parameter before anything is learned. */
interface FrontParameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** Values that are learned: all. */
  readonly count: number;
  /** @param random uniform in [0, 1) */
  readonly initial: (random: () => number) => Float32Array;
  /** Whether training measures it, as `statisticStep` does, instead of learning it by gradients. */
  readonly isMeasured?: boolean;
}
/**
 * Weights [frames, bands, C, K], bias [K] and, where it is normalised, gain [K] of every convolution, the weights drawn after
 * He et al. 2015: uniform of variance 2 / inputs. For batch normalisation also what is measured: mean [K] and variance [K].
 */
export function frontParameters(spec: Pick<NetworkSpec, 'inputSize' | 'front'>): FrontParameter[] {
  return convolutionShapes(spec).flatMap(({ prefix, kernel, channels, filters, normalisation }) => {
    const fanIn = kernel[0] * kernel[1] * channels;
    const bound = Math.sqrt(6 / fanIn);
    const perFilter = (name: string, value: number): FrontParameter => ({
      name: `${prefix}.${name}`,
      shape: [filters],
      count: filters,
      initial: () => new Float32Array(filters).fill(value),
    });
    const measured = (name: string, value: number): FrontParameter => ({
      ...perFilter(name, value),
      count: 0,
      isMeasured: true,
    });
    return [
      {
        name: `${prefix}.weights`,
        shape: [...kernel, channels, filters],
        count: fanIn * filters,
        initial: (random) => Float32Array.from({ length: fanIn * filters }, () => bound * (2 * random() - 1)),
      },
      perFilter('bias', 0),
      ...(normalisation === 'none' ? [] : [perFilter('gain', 1)]),
      ...(normalisation === 'batch' ? [measured('mean', 0), measured('variance', 1)] : []),
    ];
  });
}

/** Share of a batch's statistics in those that are measured: PyTorch's momentum. */
export const STATISTIC_SHARE = 0.1;
/** Moves what is measured towards what a batch has, in place. */
export function statisticStep(measured: Float32Array, ofBatch: Float32Array): void {
  for (let k = 0; k < measured.length; k++) measured[k]! += STATISTIC_SHARE * (ofBatch[k]! - measured[k]!);
}
