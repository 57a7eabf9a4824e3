// Frames in, logits out, as soon as they will not change any more: the one way through a network for live sound and for files.
import type { NetworkProgram, NetworkStream } from '../network/program';

/** One sequence on its way through a network. D values per frame, C classes. */
export interface LogitReader {
  /** True where every frame's logits come with the frame. */
  readonly isStreaming: boolean;
  /** frames [n, D] → the logits [m, C] that became final; m may be 0. */
  push(frames: Float32Array): Promise<Float32Array>;
  /** Logits [k, C] of the frames that have none that are final, as they would be if the sequence ended now. */
  preview(): Promise<Float32Array>;
  /** The end: the logits of all frames that were still waiting. */
  finish(): Promise<Float32Array>;
  /** Gives back what it works with. */
  dispose(): void;
}

/** A network of forward layers: h and c are carried along. */
export class ForwardReader implements LogitReader {
  readonly isStreaming = true;
  readonly #stream: NetworkStream;
  readonly #giveBack: (stream: NetworkStream) => void;

  /** @param stream in its initial state */
  constructor(stream: NetworkStream, giveBack: (stream: NetworkStream) => void) {
    this.#stream = stream;
    this.#giveBack = giveBack;
  }
  async push(frames: Float32Array): Promise<Float32Array> {
    return this.#stream.push(frames);
  }
  async preview(): Promise<Float32Array> {
    return new Float32Array(0);
  }
  async finish(): Promise<Float32Array> {
    return new Float32Array(0);
  }
  dispose(): void {
    this.#giveBack(this.#stream);
  }
}

/** Frames whose logits become final together. */
const WINDOW_FRAMES = 3000;
/** Frames that a window is heard with on either side. */
const CONTEXT_FRAMES = 200;

/**
 * A network that also reads backward. A sequence of up to WINDOW_FRAMES + CONTEXT_FRAMES is heard as a whole; a longer one
 * window by window, each with CONTEXT_FRAMES before and after it, so that memory and work per second stay bounded. Where
 * the windows lie depends on frame numbers alone, not on how the frames came.
 */
export class WindowReader implements LogitReader {
  readonly isStreaming = false;
  readonly #program: Pick<NetworkProgram, 'logits'>;
  readonly #inputs: number;
  readonly #classes: number;
  /** Frames from #bufferStart on, [n, D]. */
  #buffer: Float32Array = new Float32Array(0);
  #bufferStart = 0;
  /** Frames whose logits are final. */
  #final = 0;

  constructor(program: Pick<NetworkProgram, 'logits'>, inputs: number, classes: number) {
    this.#program = program;
    this.#inputs = inputs;
    this.#classes = classes;
  }

  async push(frames: Float32Array): Promise<Float32Array> {
    this.#append(frames);
    const parts: Float32Array[] = [];
    while (this.#end - this.#final >= WINDOW_FRAMES + CONTEXT_FRAMES) {
      const last = this.#final + WINDOW_FRAMES;
      parts.push(await this.#logits(last + CONTEXT_FRAMES, last));
      this.#settle(last);
    }
    return joined(parts);
  }
  preview(): Promise<Float32Array> {
    return this.#logits(this.#end, this.#end);
  }
  async finish(): Promise<Float32Array> {
    const logits = await this.preview();
    this.#settle(this.#end);
    return logits;
  }
  dispose(): void {
    this.#buffer = new Float32Array(0);
  }

  get #end(): number {
    return this.#bufferStart + this.#buffer.length / this.#inputs;
  }

  #append(frames: Float32Array): void {
    this.#buffer = joined([this.#buffer, frames]);
  }

  /** Hears from the buffer's start to frame `heardTo`; gives the logits of the frames [#final, to). */
  async #logits(heardTo: number, to: number): Promise<Float32Array> {
    if (to === this.#final) return new Float32Array(0);
    const T = heardTo - this.#bufferStart;
    const features = this.#buffer.slice(0, T * this.#inputs);
    const logits = await this.#program.logits({ features, T, N: 1, D: this.#inputs, lengths: Int32Array.of(T) });
    return logits.slice((this.#final - this.#bufferStart) * this.#classes, (to - this.#bufferStart) * this.#classes);
  }

  #settle(frame: number): void {
    this.#final = frame;
    const start = Math.max(this.#bufferStart, frame - CONTEXT_FRAMES);
    this.#buffer = this.#buffer.slice((start - this.#bufferStart) * this.#inputs);
    this.#bufferStart = start;
  }
}

export function joined(parts: readonly Float32Array[]): Float32Array {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
