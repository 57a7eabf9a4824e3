// Runs on the audio thread: gathers mono samples in a ring buffer and posts them a tenth of a second at a time.
// The message 'flush' posts what is left and then null: nothing more comes.
import { RingBuffer } from './ringBuffer';

// The audio thread's globals, which TypeScript's DOM library does not know.
declare const sampleRate: number;
declare const registerProcessor: (name: string, processor: unknown) => void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

const CHUNKS_PER_SECOND = 10;

class CaptureProcessor extends AudioWorkletProcessor {
  readonly #chunkSamples = Math.round(sampleRate / CHUNKS_PER_SECOND);
  readonly #ring = new RingBuffer(4 * this.#chunkSamples);
  #isDone = false;

  constructor() {
    super();
    this.port.onmessage = () => {
      this.#isDone = true;
      this.#post(this.#ring.read(this.#ring.length));
      this.port.postMessage(null);
    };
  }

  process(inputs: Float32Array[][]): boolean {
    const channel = inputs[0]?.[0];
    if (this.#isDone) return false;
    if (channel) this.#ring.write(channel);
    while (this.#ring.length >= this.#chunkSamples) this.#post(this.#ring.read(this.#chunkSamples));
    return true;
  }

  #post(samples: Float32Array): void {
    this.port.postMessage(samples, [samples.buffer]);
  }
}

registerProcessor('capture', CaptureProcessor);
