// The front's convolutions as ordinary TensorFlow.js operations. Products of shifted inputs instead of tf.conv2d, whose gradient
// the WebAssembly backend lacks.
import type { Rank, Tensor, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import type { NetworkSpec } from '../../app/contract/network';
import { unreachable } from '../../app/errors';
import { VARIANCE_FLOOR } from '../cells/layerNorm';
import { convolutionShapes, type ConvolutionShape } from './front';
import type { TensorFlow } from './portableBackend';
import { parameterOf, type ParameterTensors } from './portableLayers';
import { product } from './portableProduct';

/** What batch normalisation in training needs of a batch, and where it puts what is to be measured of it, by name. */
export interface FrontTraining {
  /** [N], 0 for a row that only fills the batch */
  readonly rowWeights: Float32Array;
  readonly measured: Map<string, Float32Array>;
}
interface FrontBatch {
  /** [T, N, 1, 1], 1 where a frame belongs to its sequence, else 0 */
  readonly mask: Tensor4D;
  /** The same without rows that only fill the batch; null: recognition. */
  readonly statistics: { readonly mask: Tensor4D; readonly measured: FrontTraining['measured'] } | null;
}

/**
 * All convolutions over x [T, N, D].
 * @param lengths [N]
 * @param training null: recognition
 * @returns [T, N, frontOutputSize]; x itself where the network has no front
 */
export function runFront(
  tf: TensorFlow,
  spec: NetworkSpec,
  x: Tensor3D,
  lengths: Int32Array,
  parameters: ParameterTensors,
  training: FrontTraining | null = null,
): Tensor3D {
  const shapes = convolutionShapes(spec);
  const [first] = shapes;
  const last = shapes.at(-1);
  if (first === undefined || last === undefined) return x;
  const [frames, N] = x.shape;
  const maskOf = (counts: (row: number) => boolean): Tensor4D =>
    tf.tensor4d(
      Float32Array.from({ length: frames * N }, (_, at) =>
        Math.floor(at / N) < lengths[at % N]! && counts(at % N) ? 1 : 0,
      ),
      [frames, N, 1, 1],
    );
  const mask = maskOf(() => true);
  const statistics =
    training === null ? null : { mask: maskOf((row) => training.rowWeights[row]! > 0), measured: training.measured };
  // [T, N, C, B] → [T, N, B, C]
  const start = tf.transpose<Tensor4D>(tf.reshape<Rank.R4>(x, [frames, N, first.channels, first.bands]), [0, 1, 3, 2]);
  const batch = { mask, statistics };
  const end = shapes.reduce((values, shape) => convolved(tf, values, batch, shape, parameters), start);
  return tf.reshape<Rank.R3>(tf.mul(end, mask), [frames, N, last.pooledBands * last.filters]);
}

/** One convolution over x [T, N, B, C] → [T, N, B′, K]. */
function convolved(
  tf: TensorFlow,
  x: Tensor4D,
  batch: FrontBatch,
  shape: ConvolutionShape,
  parameters: ParameterTensors,
): Tensor4D {
  const { prefix, bands, channels, filters, kernel, pool, pooledBands } = shape;
  const [frames, N] = x.shape;
  const [overFrames, overBands] = kernel.map((size) => (size - 1) / 2) as [number, number];
  const around = tf.pad(tf.mul<Tensor4D>(x, batch.mask), [
    [overFrames, overFrames],
    [0, 0],
    [overBands, overBands],
    [0, 0],
  ]);
  const shifted: Tensor4D[] = [];
  for (let frame = 0; frame < kernel[0]; frame++) {
    for (let band = 0; band < kernel[1]; band++) {
      shifted.push(tf.slice(around, [frame, 0, band, 0], [frames, N, bands, channels]));
    }
  }
  const inputs = kernel[0] * kernel[1] * channels;
  const rows = tf.reshape<Rank.R2>(tf.concat(shifted, 3), [frames * N * bands, inputs]);
  const weights = tf.reshape<Rank.R2>(parameterOf<Tensor>(parameters, `${prefix}.weights`), [inputs, filters]);
  const filtered = product(tf, rows, weights);
  const values = tf.relu(normalisedSums(tf, filtered, batch, shape, parameters));
  const image = tf.reshape<Rank.R4>(values, [frames, N, bands, filters]);
  const whole = tf.slice(image, [0, 0, 0, 0], [frames, N, pooledBands * pool, filters]);
  return tf.max<Tensor4D>(tf.reshape(whole, [frames, N, pooledBands, pool, filters]), 3);
}

/** What is rectified: a [T·N·bands, filters], normalised where it is, with gain and bias. */
function normalisedSums(
  tf: TensorFlow,
  a: Tensor2D,
  { statistics }: FrontBatch,
  shape: ConvolutionShape,
  parameters: ParameterTensors,
): Tensor2D {
  const { prefix, bands, filters } = shape;
  const of = (name: string): Tensor => parameterOf(parameters, `${prefix}.${name}`);
  switch (shape.normalisation) {
    case 'none':
      return tf.add<Tensor2D>(a, of('bias'));
    case 'layer':
      return tf.add<Tensor2D>(tf.mul(standardised(tf, a, bands * filters), of('gain')), of('bias'));
    case 'batch': {
      if (statistics === null) {
        const scale = tf.mul(of('gain'), tf.rsqrt(tf.add(of('variance'), VARIANCE_FLOOR)));
        return tf.add<Tensor2D>(tf.mul(tf.sub(a, of('mean')), scale), of('bias'));
      }
      // What is measured has no part in it, but must have a gradient: zero.
      const bias = tf.add(of('bias'), tf.mul(tf.add(of('mean'), of('variance')), 0));
      return tf.add<Tensor2D>(tf.mul(batchStandardised(tf, a, shape, statistics), of('gain')), bias);
    }
    default:
      return unreachable(shape.normalisation);
  }
}

/** (a − μ)/√(σ² + ε) of each filter, over the frames that count. */
function batchStandardised(
  tf: TensorFlow,
  a: Tensor2D,
  { prefix, bands }: ConvolutionShape,
  { mask, measured }: NonNullable<FrontBatch['statistics']>,
): Tensor2D {
  const counted = tf.reshape<Rank.R2>(tf.tile(mask, [1, 1, bands, 1]), [-1, 1]);
  const count = tf.sum(counted).dataSync()[0]!;
  const mean = tf.div(tf.sum(tf.mul(a, counted), 0), count);
  const centred = tf.mul<Tensor2D>(tf.sub(a, mean), counted);
  const variance = tf.div(tf.sum(tf.mul(centred, centred), 0), count);
  measured.set(`${prefix}.mean`, mean.dataSync() as Float32Array);
  measured.set(`${prefix}.variance`, tf.mul(variance, count / Math.max(1, count - 1)).dataSync() as Float32Array);
  return tf.mul<Tensor2D>(centred, tf.rsqrt(tf.add(variance, VARIANCE_FLOOR)));
}

/** (a − μ)/σ of each frame's `size` values, which lie one behind the other in a. */
function standardised(tf: TensorFlow, a: Tensor2D, size: number): Tensor2D {
  const frames = tf.reshape<Rank.R2>(a, [-1, size]);
  const centred = tf.sub<Tensor2D>(frames, tf.mean(frames, 1, true));
  const variance = tf.mean<Tensor2D>(tf.mul(centred, centred), 1, true);
  return tf.reshape<Rank.R2>(tf.mul(centred, tf.rsqrt(tf.add(variance, VARIANCE_FLOOR))), a.shape);
}
