// What was captured and may still have to be sent, or sent again: sound and the frames that came with it.

/** Sound and the frames that became complete with it. */
export interface CapturedChunk {
  /** 16 kHz mono. */
  readonly pcm: Int16Array;
  /** [n, D] */
  readonly frames: Float32Array;
}

export interface SentPiece extends CapturedChunk {
  readonly firstSample: number;
  readonly firstFrame: number;
}

interface LoggedChunk extends SentPiece {
  readonly endSample: number;
  readonly endFrame: number;
}

export class SoundLog {
  /** D, values per frame. */
  readonly frameSize: number;
  #chunks: LoggedChunk[] = [];
  #endSample = 0;
  #endFrame = 0;

  constructor(frameSize: number) {
    this.frameSize = frameSize;
  }

  /** Samples captured so far. */
  get endSample(): number {
    return this.#endSample;
  }
  get endFrame(): number {
    return this.#endFrame;
  }

  append({ pcm, frames }: CapturedChunk): void {
    const firstSample = this.#endSample;
    const firstFrame = this.#endFrame;
    this.#endSample += pcm.length;
    this.#endFrame += frames.length / this.frameSize;
    this.#chunks.push({ pcm, frames, firstSample, firstFrame, endSample: this.#endSample, endFrame: this.#endFrame });
  }

  /**
   * What comes after the two positions: whole chunks of sound, until `maxSamples` are reached.
   * @returns null where no sound does
   * @throws Error when a frame that is asked for has been let go: the engine then knows less than it acknowledged
   */
  piece(fromSample: number, fromFrame: number, maxSamples: number): SentPiece | null {
    const last = this.#lastChunkOfPiece(fromSample, maxSamples);
    if (!last) return null;
    if (fromFrame < (this.#chunks[0]?.firstFrame ?? 0)) throw new Error(`Expected frame ${fromFrame} to be kept`);
    const pcm = new Int16Array(last.endSample - fromSample);
    const frames = new Float32Array(Math.max(0, last.endFrame - fromFrame) * this.frameSize);
    for (const chunk of this.#chunks) {
      if (chunk.firstSample >= last.endSample && chunk !== last) break;
      copyFrom(chunk.pcm, pcm, chunk.firstSample - fromSample);
      copyFrom(chunk.frames, frames, (chunk.firstFrame - fromFrame) * this.frameSize);
    }
    return { pcm, frames, firstSample: fromSample, firstFrame: fromFrame };
  }

  /** All frames from the given one on, [n, D]; none where the log ends before it. */
  framesFrom(frame: number): Float32Array {
    if (frame < (this.#chunks[0]?.firstFrame ?? 0)) throw new Error(`Expected frame ${frame} to be kept`);
    const frames = new Float32Array(Math.max(0, this.#endFrame - frame) * this.frameSize);
    for (const chunk of this.#chunks) copyFrom(chunk.frames, frames, (chunk.firstFrame - frame) * this.frameSize);
    return frames;
  }

  /** Lets go of chunks that end before the sample. */
  dropBefore(sample: number): void {
    const kept = this.#chunks.findIndex((chunk) => chunk.endSample > sample);
    if (kept > 0) this.#chunks = this.#chunks.slice(kept);
  }

  #lastChunkOfPiece(fromSample: number, maxSamples: number): LoggedChunk | null {
    let last: LoggedChunk | null = null;
    for (const chunk of this.#chunks) {
      if (chunk.endSample <= fromSample || chunk.pcm.length === 0) continue;
      if (last && chunk.endSample - fromSample > maxSamples) break;
      last = chunk;
    }
    return last;
  }
}

/** Copies `source` to where it belongs in `target`; what would stand outside is left out. */
function copyFrom<A extends Int16Array | Float32Array>(source: A, target: A, offset: number): void {
  const begin = Math.max(0, -offset);
  const end = Math.min(source.length, target.length - offset);
  if (begin < end) target.set(source.subarray(begin, end), offset + begin);
}
