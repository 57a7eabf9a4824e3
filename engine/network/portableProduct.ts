// The matrix product with a gradient of its own making.
import type { GradSaveFunc, Tensor, Tensor2D } from '@tensorflow/tfjs';
import type { TensorFlow } from './portableBackend';

/**
 * a·b of [M, K] and [K, N] with ∂a = ∂y·bᵀ and ∂b = aᵀ·∂y.
 *
 * TensorFlow.js would ask matMul to transpose on the fly, for which the WebAssembly backend falls to a plain loop: 10 to 30
 * times slower than transposing first.
 * @param bTransposed [N, K], for callers that multiply by the same b again and again.
 */
export function product(tf: TensorFlow, a: Tensor2D, b: Tensor2D, bTransposed?: Tensor2D): Tensor2D {
  const differentiable = tf.customGrad((...inputs: (Tensor | GradSaveFunc)[]) => {
    const [left, right, save] = inputs as [Tensor2D, Tensor2D, GradSaveFunc];
    save([left, bTransposed ?? tf.transpose(right)]);
    return {
      value: tf.matMul(left, right),
      gradFunc: (dy, saved) => {
        const [savedLeft, transposed] = saved as [Tensor2D, Tensor2D];
        const gradient = dy as Tensor2D;
        return [tf.matMul(gradient, transposed), tf.matMul(tf.transpose(savedLeft), gradient)];
      },
    };
  });
  return differentiable(a, b) as Tensor2D;
}
