// Live recognition on a portable rung: one sequence, the states carried from push to push.
import type { Tensor } from '@tensorflow/tfjs';
import { isForwardOnly, type NetworkSpec } from '../../app/contract/network';
import { parameterShapes, type ParameterSet } from './parameters';
import { openPortableBackend, type PortableBackend, type PortableRung } from './portableBackend';
import { runDirection, runHead, timing, type CellStates, type ParameterTensors } from './portableLayers';
import type { NetworkStream } from './program';

class PortableStream implements NetworkStream {
  readonly #parameters: ParameterTensors;
  /** By layer; null before the first frame. */
  #states: readonly (CellStates | null)[];
  /** Frames heard since the start. */
  #heard = 0;

  constructor(
    private readonly spec: NetworkSpec,
    parameters: ParameterSet,
    private readonly backend: PortableBackend,
  ) {
    if (!isForwardOnly(spec)) throw new Error('Expected forward layers only: a reverse reading cannot be streamed');
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
      const clock = timing(tf, n, Int32Array.of(n), this.#heard);
      let x = tf.tensor3d(frames, [n, 1, inputSize]);
      const states = layers.map((layer, index): CellStates => {
        const prefix = `layer${index}.forward`;
        const initial = this.#states[index] ?? null;
        const reading = { layer, direction: 'forward', prefix, initial, recurrentMask: null } as const;
        const pass = runDirection(tf, x, this.#parameters, reading, clock);
        x = pass.output;
        return pass.final.map((state) => tf.keep(state));
      });
      const logits = runHead(tf, x, this.#parameters).dataSync() as Float32Array;
      this.#forget();
      this.#states = states;
      this.#heard += n;
      return logits;
    });
  }

  reset(): void {
    this.#forget();
    this.#states = this.spec.layers.map(() => null);
    this.#heard = 0;
  }

  dispose(): void {
    this.reset();
    for (const tensor of this.#parameters.values()) tensor.dispose();
  }

  #forget(): void {
    for (const states of this.#states) states?.forEach((state) => state.dispose());
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
