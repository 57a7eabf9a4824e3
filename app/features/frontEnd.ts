// The one front end: sound as it is recorded → frames as the network sees them. A whole file takes the same way as a stream.
import { FrameAssembler } from './assembler';
import type { FrontEndSettings } from './settings';
import { StaticFrames } from './staticFrames';

/**
 * Features of a sound as it comes. Input is 16 kHz mono, 16 bits: what is stored and what is heard live are then the same
 * numbers. How the sound is cut into pieces changes no bit of the frames.
 *
 * Frame t covers samples [t · hop, t · hop + window) at the settings' rate. A frame leaves as soon as the sound under it and
 * the lookAheadFrames(settings) frames after it are there.
 */
export class StreamingFrontEnd {
  readonly #static: StaticFrames;
  readonly #assembler: FrameAssembler;

  constructor(settings: FrontEndSettings) {
    this.#static = new StaticFrames(settings);
    this.#assembler = new FrameAssembler(settings);
  }

  /** D, values per frame. */
  get dimension(): number {
    return this.#assembler.dimension;
  }

  /** Takes the next samples; hands back the frames that became complete, [n, D]. */
  push(pcm: Int16Array): Float32Array {
    return this.#assembler.push(this.#static.push(pcm));
  }

  /**
   * The end of the sound: the settings' silence is appended, and the frames that were still waiting come out, [n, D].
   * A sound of not one sample has no frames.
   */
  finish(): Float32Array {
    return joinFrames(this.#assembler.push(this.#static.finish()), this.#assembler.finish());
  }
}

/** Frames of a whole sound (16 kHz mono), [count, dimension]: the very ones that the stream gives. */
export function extractFeatures(
  pcm: Int16Array,
  settings: FrontEndSettings,
): { frames: Float32Array; count: number; dimension: number } {
  const frontEnd = new StreamingFrontEnd(settings);
  const frames = joinFrames(frontEnd.push(pcm), frontEnd.finish());
  return { frames, count: frames.length / frontEnd.dimension, dimension: frontEnd.dimension };
}

function joinFrames(first: Float32Array, second: Float32Array): Float32Array {
  const joined = new Float32Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
