// Frames in, logits out, as soon as they will not change any more: the one way through a network for live sound and for files.
import type { FrontEndSettings } from '../../app/features/settings';
import { subtractWindowMean } from '../../app/features/windowMean';
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

/** How a network that reads backward too hears a long sequence, in milliseconds of sound. */
export interface Windows {
  /** Sound whose logits become final together. */
  readonly settleMs: number;
  /** Sound that is heard before it and after it. */
  readonly beforeMs: number;
  readonly afterMs: number;
  /**
   * Sound after the settled part, at most as long as either, over which a window's logits give way to the next one's: two
   * windows may place a word a few frames apart, and where one ended and the other began it would be written twice or not at all.
   */
  readonly fadeMs: number;
}
export const DEFAULT_WINDOWS: Windows = { settleMs: 500, beforeMs: 6000, afterMs: 1000, fadeMs: 300 };

/** The part of a program that reading needs. */
export type WholeReading = Pick<NetworkProgram, 'logits'>;
export interface WindowReaderShape {
  /** D and C. */
  readonly inputs: number;
  readonly classes: number;
  readonly frontEnd: FrontEndSettings;
  /** Frames from one step of the logits to the next. */
  readonly framesPerStep: number;
}

/**
 * A network that also reads backward: heard window by window, each with what came before it and, once that is there, what
 * comes after it. So memory and work per second of sound stay the same however long it lasts. Where the windows lie depends
 * on frame numbers alone, not on how the frames came: a file and a microphone give the same logits. Every window is padded
 * to one length, since each length would be compiled anew.
 */
export class WindowReader implements LogitReader {
  readonly isStreaming = false;
  readonly #program: WholeReading;
  readonly #inputs: number;
  readonly #classes: number;
  readonly #frontEnd: FrontEndSettings;
  readonly #framesPerStep: number;
  /** Windows in frames, whole steps each. */
  readonly #settle: number;
  readonly #before: number;
  readonly #after: number;
  readonly #fade: number;
  /** What the window before has for the frames from #final on, [k, C]. */
  #giving: Float32Array = new Float32Array(0);
  /** Frames from #bufferStart on, [n, D]. */
  #buffer: Float32Array = new Float32Array(0);
  #bufferStart = 0;
  /** Frames whose logits are final. */
  #final = 0;

  constructor(program: WholeReading, shape: WindowReaderShape, windows = DEFAULT_WINDOWS) {
    const { inputs, classes, frontEnd, framesPerStep } = shape;
    const stepMs = frontEnd.hopMs * framesPerStep;
    const framesOf = (ms: number): number => Math.round(ms / stepMs) * framesPerStep;
    this.#program = program;
    this.#inputs = inputs;
    this.#classes = classes;
    this.#frontEnd = frontEnd;
    this.#framesPerStep = framesPerStep;
    this.#settle = Math.max(framesPerStep, framesOf(windows.settleMs));
    this.#before = framesOf(windows.beforeMs);
    this.#after = framesOf(windows.afterMs);
    this.#fade = Math.min(this.#settle, this.#after, framesOf(windows.fadeMs));
  }

  async push(frames: Float32Array): Promise<Float32Array> {
    this.#buffer = joined([this.#buffer, frames]);
    const parts: Float32Array[] = [];
    while (this.#end - this.#final >= this.#settle + this.#after) {
      const last = this.#final + this.#settle;
      const logits = await this.#logits(last + this.#after, last + this.#fade);
      const settled = this.#stepsTo(last) * this.#classes;
      parts.push(logits.slice(0, settled));
      this.#settleTo(last);
      this.#giving = logits.slice(settled);
    }
    return joined(parts);
  }
  preview(): Promise<Float32Array> {
    return this.#logits(this.#end, this.#end);
  }
  async finish(): Promise<Float32Array> {
    const logits = await this.preview();
    this.#settleTo(this.#end);
    return logits;
  }
  dispose(): void {
    this.#buffer = new Float32Array(0);
    this.#giving = new Float32Array(0);
  }

  get #end(): number {
    return this.#bufferStart + this.#buffer.length / this.#inputs;
  }

  /** Hears from the buffer's start to frame `heardTo`; gives the logits of the frames [#final, to). */
  async #logits(heardTo: number, to: number): Promise<Float32Array> {
    if (to === this.#final) return new Float32Array(0);
    const heard = heardTo - this.#bufferStart;
    const T = this.#before + this.#settle + this.#after;
    const features = new Float32Array(T * this.#inputs);
    features.set(this.#buffer.subarray(0, heard * this.#inputs));
    subtractWindowMean(features.subarray(0, heard * this.#inputs), this.#frontEnd);
    const logits = await this.#program.logits({ features, T, N: 1, D: this.#inputs, lengths: Int32Array.of(heard) });
    const from = Math.ceil((this.#final - this.#bufferStart) / this.#framesPerStep) * this.#classes;
    return this.#faded(logits.slice(from, from + this.#stepsTo(to) * this.#classes));
  }

  /** Steps from #final to a frame. */
  #stepsTo(frame: number): number {
    const at = (each: number): number => Math.ceil((each - this.#bufferStart) / this.#framesPerStep);
    return at(frame) - at(this.#final);
  }

  /** Logits from #final on, in place: the window before gives way. Means of logits are those of log-probabilities. */
  #faded(logits: Float32Array): Float32Array {
    const giving = this.#giving;
    const steps = giving.length / this.#classes;
    for (let at = 0; at < Math.min(giving.length, logits.length); at++) {
      const share = (Math.floor(at / this.#classes) + 1) / (steps + 1);
      logits[at] = share * (logits[at] as number) + (1 - share) * (giving[at] as number);
    }
    return logits;
  }

  #settleTo(frame: number): void {
    this.#final = frame;
    const start = Math.max(this.#bufferStart, frame - this.#before);
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
