// The window's half of live listening: features of the chunks, and where they stand.
import type { FrontEndSettings } from '../../../app/features/settings';
import { StreamingFrontEnd } from '../../../app/features/frontEnd';

const CHUNK = 1600;
export const chunksOf = (pcm: Int16Array): Int16Array[] =>
  Array.from({ length: Math.ceil(pcm.length / CHUNK) }, (_, k) => pcm.subarray(k * CHUNK, (k + 1) * CHUNK));

export class Speaker {
  readonly #frontEnd: StreamingFrontEnd;
  #sample = 0;
  #frame = 0;

  constructor(settings: FrontEndSettings) {
    this.#frontEnd = new StreamingFrontEnd(settings);
  }
  get frames(): number {
    return this.#frame;
  }
  chunk(streamId: string, pcm: Int16Array) {
    const frames = this.#frontEnd.push(pcm);
    const body = { streamId, firstSample: this.#sample, pcm, firstFrame: this.#frame, frames };
    this.#sample += pcm.length;
    this.#frame += frames.length / this.#frontEnd.dimension;
    return body;
  }
  tail(streamId: string) {
    return { streamId, firstFrame: this.#frame, frames: this.#frontEnd.finish() };
  }
}
