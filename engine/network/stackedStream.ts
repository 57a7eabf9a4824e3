// A stream of stacked frames: single frames come in, steps go on to the stream of the layers.
import type { NetworkSpec } from '../../app/contract/network';
import { layerInputSize } from './embedding';
import type { NetworkStream } from './program';
import { stackedSize } from './stack';

class StackedStream implements NetworkStream {
  /** The last k − 1 frames. */
  #past: Float32Array;
  /** Frames until the next step's own one. */
  #wait = 0;

  /** @param size D */
  constructor(
    private readonly stack: NonNullable<NetworkSpec['stack']>,
    private readonly size: number,
    private readonly layers: NetworkStream,
  ) {
    this.#past = this.#silence();
  }

  push(frames: Float32Array): Float32Array {
    const { stack, size } = this;
    const n = frames.length / size;
    if (!Number.isInteger(n)) throw new Error(`Expected ${size} values per frame, but got ${frames.length}`);
    const heard = new Float32Array(this.#past.length + frames.length);
    heard.set(this.#past);
    heard.set(frames, this.#past.length);
    const width = stack.frames * size;
    const steps = Math.max(0, Math.ceil((n - this.#wait) / stack.step));
    const stacked = new Float32Array(steps * width);
    for (let step = 0; step < steps; step++) {
      const first = (this.#wait + step * stack.step) * size;
      stacked.set(heard.subarray(first, first + width), step * width);
    }
    this.#wait += steps * stack.step - n;
    this.#past = heard.slice(n * size);
    return this.layers.push(stacked);
  }
  reset(): void {
    this.#past = this.#silence();
    this.#wait = 0;
    this.layers.reset();
  }
  dispose(): void {
    this.layers.dispose();
  }

  #silence(): Float32Array {
    return new Float32Array((this.stack.frames - 1) * this.size);
  }
}

/** @param openLayers opens a stream of the network that reads whole steps */
export async function openStackedStream(
  spec: NetworkSpec,
  openLayers: (spec: NetworkSpec) => Promise<NetworkStream>,
): Promise<NetworkStream> {
  const { stack, ...rest } = spec;
  if (stack === undefined) throw new Error('Expected a network that stacks frames');
  const layers = await openLayers({ ...rest, inputSize: stackedSize(spec) });
  return new StackedStream(stack, layerInputSize(spec), layers);
}
