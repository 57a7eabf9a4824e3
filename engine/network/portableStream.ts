// Live recognition on a portable rung: one sequence, h and c carried from push to push.
import type { Tensor } from '@tensorflow/tfjs';
import type { NetworkSpec } from '../../app/contract/network';
import { parameterShapes, type ParameterSet } from './parameters';
import { openPortableBackend, type PortableBackend, type PortableRung } from './portableBackend';
import { runDirection, runHead, type LstmState, type ParameterTensors } from './portableLayers';
import type { NetworkStream } from './program';

class PortableStream implements NetworkStream {
  readonly #parameters: ParameterTensors;
  /** By layer; null before the first frame. */
  #states: readonly (LstmState | null)[];

  constructor(
    private readonly spec: NetworkSpec,
    parameters: ParameterSet,
    private readonly backend: PortableBackend,
  ) {
    if (spec.layers.some(({ direction }) => direction !== 'forward'))
      throw new Error('Expected forward layers only: a reverse reading cannot be streamed');
    this.#parameters = backend.tidy(
      (tf) =>
        new Map(
          parameterShapes(spec).map(({ name, shape }): [string, Tensor] => {
            const values = parameters.get(name)?.values;
            if (values === undefined) throw new Error(`Expected a parameter called ${name}`);
            return [name, tf.keep(tf.tensor(values.slice(), [...shape]))];
          }),
        ),
    );
    this.#states = spec.layers.map(() => null);
  }

  push(frames: Float32Array): Float32Array {
    const { inputSize, layers } = this.spec;
    const n = frames.length / inputSize;
    if (!Number.isInteger(n)) throw new Error(`Expected ${inputSize} values per frame, but got ${frames.length}`);
    if (n === 0) return new Float32Array(0);
    return this.backend.tidy((tf) => {
      const masks = new Array<null>(n).fill(null);
      let x = tf.tensor3d(frames, [n, 1, inputSize]);
      const states = layers.map((_, index): LstmState => {
        const prefix = `layer${index}.forward`;
        const pass = runDirection(tf, x, this.#parameters, prefix, 'forward', masks, this.#states[index] ?? null);
        x = pass.output;
        return { h: tf.keep(pass.final.h), c: tf.keep(pass.final.c) };
      });
      const logits = runHead(tf, x, this.#parameters).dataSync() as Float32Array;
      this.#forget();
      this.#states = states;
      return logits;
    });
  }

  reset(): void {
    this.#forget();
    this.#states = this.spec.layers.map(() => null);
  }

  dispose(): void {
    this.reset();
    for (const tensor of this.#parameters.values()) tensor.dispose();
  }

  #forget(): void {
    for (const state of this.#states) {
      state?.h.dispose();
      state?.c.dispose();
    }
  }
}

/** Opens a network of forward layers to hear one sequence frame by frame. */
export async function openPortableStream(
  spec: NetworkSpec,
  parameters: ParameterSet,
  rung: PortableRung,
): Promise<NetworkStream> {
  return new PortableStream(spec, parameters, await openPortableBackend(rung));
}
