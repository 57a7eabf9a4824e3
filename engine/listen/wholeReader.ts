// A network that also reads backward, and hears an utterance whole: with all that comes before and after each frame, and with the
// mean over the utterance, as it was trained. Long sound is cut at pauses, so its length sets neither memory nor work per second.
import { loudnessNats } from '../../app/features/loudness';
import { subtractWindowMean } from '../../app/features/windowMean';
import { joined, type LogitReader, type WholeReading, type WindowReaderShape } from './logitReader';
import { Pauses, type PauseRules } from './pauses';

/** In milliseconds of sound: see PauseRules. */
export interface WholeRules {
  readonly pauseMs: number;
  readonly keptMs: number;
  /** Parts are padded to the first of these that holds them, since each length is compiled anew; none is longer than the last. */
  readonly lengthsMs: readonly number[];
}
export const DEFAULT_WHOLE_RULES: WholeRules = { pauseMs: 1000, keptMs: 400, lengthsMs: [5000, 12_000, 30_000] };

export class WholeReader implements LogitReader {
  readonly isStreaming = false;
  readonly #program: WholeReading;
  readonly #shape: WindowReaderShape;
  readonly #pauses: Pauses;
  /** In frames, whole steps each. */
  readonly #lengths: readonly number[];
  /** Of the part that has not ended, [n, D]. */
  #buffer: Float32Array = new Float32Array(0);

  constructor(program: WholeReading, shape: WindowReaderShape, rules = DEFAULT_WHOLE_RULES) {
    const { frontEnd, framesPerStep } = shape;
    const stepMs = frontEnd.hopMs * framesPerStep;
    const framesOf = (ms: number): number => Math.round(ms / stepMs) * framesPerStep;
    this.#program = program;
    this.#shape = shape;
    this.#lengths = rules.lengthsMs.map(framesOf);
    const pauseRules: PauseRules = {
      pauseFrames: framesOf(rules.pauseMs),
      keptFrames: framesOf(rules.keptMs),
      mostFrames: this.#lengths.at(-1) as number,
      framesPerStep,
    };
    this.#pauses = new Pauses(pauseRules);
  }

  async push(frames: Float32Array): Promise<Float32Array> {
    const { inputs, frontEnd } = this.#shape;
    this.#buffer = joined([this.#buffer, frames]);
    const parts: Float32Array[] = [];
    for (let at = 0; at < frames.length; at += inputs) {
      const ended = this.#pauses.push(loudnessNats(frames, at, frontEnd, frontEnd.normalisation));
      if (ended === null) continue;
      parts.push(await this.#logits(this.#buffer.slice(0, ended * inputs)));
      this.#buffer = this.#buffer.slice(ended * inputs);
    }
    return joined(parts);
  }
  preview(): Promise<Float32Array> {
    return this.#logits(this.#buffer.slice());
  }
  async finish(): Promise<Float32Array> {
    const logits = await this.preview();
    this.#buffer = new Float32Array(0);
    return logits;
  }
  dispose(): void {
    this.#buffer = new Float32Array(0);
  }

  /** Runs the program once at each length, so that nobody waits for its compiling later. */
  async warmUp(): Promise<void> {
    for (const T of this.#lengths) await this.#run(new Float32Array(T * this.#shape.inputs), T);
  }

  /** @param frames [n, D]; they are changed */
  async #logits(frames: Float32Array): Promise<Float32Array> {
    const { classes, inputs, frontEnd, framesPerStep } = this.#shape;
    const n = frames.length / inputs;
    if (n === 0) return new Float32Array(0);
    subtractWindowMean(frames, frontEnd);
    const T = this.#lengths.find((length) => length >= n);
    if (T === undefined) throw new Error(`Expected at most ${this.#lengths.at(-1)} frames, but got ${n}`);
    const features = new Float32Array(T * inputs);
    features.set(frames);
    const logits = await this.#run(features, n);
    return logits.slice(0, Math.ceil(n / framesPerStep) * classes);
  }

  #run(features: Float32Array, length: number): Promise<Float32Array> {
    const { inputs: D } = this.#shape;
    return this.#program.logits({ features, T: features.length / D, N: 1, D, lengths: Int32Array.of(length) });
  }
}
