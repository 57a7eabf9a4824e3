// The front's convolutions as ordinary TensorFlow.js operations. Products of shifted inputs instead of tf.conv2d, whose gradient
// the WebAssembly backend lacks.
import type { Rank, Tensor, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs';
import type { NetworkSpec } from '../../app/contract/network';
import { VARIANCE_FLOOR } from '../cells/layerNorm';
import { convolutionShapes, type ConvolutionShape } from './front';
import type { TensorFlow } from './portableBackend';
import { parameterOf, type ParameterTensors } from './portableLayers';
import { product } from './portableProduct';

/**
 * All convolutions over x [T, N, D].
 * @param lengths [N]
 * @returns [T, N, frontOutputSize]; x itself where the network has no front
 */
export function runFront(
  tf: TensorFlow,
  spec: NetworkSpec,
  x: Tensor3D,
  lengths: Int32Array,
  parameters: ParameterTensors,
): Tensor3D {
  const shapes = convolutionShapes(spec);
  const [first] = shapes;
  const last = shapes.at(-1);
  if (first === undefined || last === undefined) return x;
  const [frames, N] = x.shape;
  const running = Float32Array.from({ length: frames * N }, (_, at) =>
    Math.floor(at / N) < (lengths[at % N] as number) ? 1 : 0,
  );
  const mask = tf.tensor4d(running, [frames, N, 1, 1]);
  // [T, N, C, B] → [T, N, B, C]
  const start = tf.transpose<Tensor4D>(tf.reshape<Rank.R4>(x, [frames, N, first.channels, first.bands]), [0, 1, 3, 2]);
  const end = shapes.reduce((values, shape) => convolved(tf, tf.mul<Tensor4D>(values, mask), shape, parameters), start);
  return tf.reshape<Rank.R3>(tf.mul(end, mask), [frames, N, last.pooledBands * last.filters]);
}

/** One convolution over x [T, N, B, C] → [T, N, B′, K]. */
function convolved(tf: TensorFlow, x: Tensor4D, shape: ConvolutionShape, parameters: ParameterTensors): Tensor4D {
  const { prefix, bands, channels, filters, kernel, pool, pooledBands, isNormalised } = shape;
  const [frames, N] = x.shape;
  const [overFrames, overBands] = kernel.map((size) => (size - 1) / 2) as [number, number];
  const around = tf.pad(x, [
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
  const scaled = isNormalised
    ? tf.mul<Tensor2D>(standardised(tf, filtered, bands * filters), parameterOf(parameters, `${prefix}.gain`))
    : filtered;
  const values = tf.relu(tf.add<Tensor2D>(scaled, parameterOf(parameters, `${prefix}.bias`)));
  const image = tf.reshape<Rank.R4>(values, [frames, N, bands, filters]);
  const whole = tf.slice(image, [0, 0, 0, 0], [frames, N, pooledBands * pool, filters]);
  return tf.max<Tensor4D>(tf.reshape(whole, [frames, N, pooledBands, pool, filters]), 3);
}

/** (a − μ)/σ of each frame's `size` values, which lie one behind the other in a. */
function standardised(tf: TensorFlow, a: Tensor2D, size: number): Tensor2D {
  const frames = tf.reshape<Rank.R2>(a, [-1, size]);
  const centred = tf.sub<Tensor2D>(frames, tf.mean(frames, 1, true));
  const variance = tf.mean<Tensor2D>(tf.mul(centred, centred), 1, true);
  return tf.reshape<Rank.R2>(tf.mul(centred, tf.rsqrt(tf.add(variance, VARIANCE_FLOOR))), a.shape);
}
