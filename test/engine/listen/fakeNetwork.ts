// A network small enough to see through: it keeps a leaky sum of each frame's loudness and speaks by its level. Stateful, so
// a frame that is lost, doubled or out of order changes the text.
import type { RecogniserManifest } from '../../../app/contract/model';
import type { NetworkSpec } from '../../../app/contract/network';
import type { NetworkOpeners } from '../../../engine/listen/openModel';
import { OpenModel } from '../../../engine/listen/openModel';
import type { NetworkProgram, NetworkStream, SequenceBatch } from '../../../engine/network/program';

const SYMBOLS = ['a', 'b', 'c', 'd', ' '];
const COEFFICIENTS = 3;

export function fakeManifest(direction: 'forward' | 'bidirectional' = 'forward'): RecogniserManifest {
  return {
    format: 'unroll-model',
    version: 1,
    id: direction === 'forward' ? 'fake-live' : 'fake-whole',
    name: { en: 'Fake', zh: '假' },
    frontEnd: {
      kind: 'mfcc',
      sampleRateHz: 8000,
      windowMs: 25,
      hopMs: 10,
      window: 'hamming',
      melBands: 26,
      coefficients: COEFFICIENTS,
      deltas: 1,
      deltaSpan: 2,
      tailMs: 300,
      normalisation: { kind: 'none' },
    },
    alphabet: { symbols: SYMBOLS, wordSeparator: ' ', unknown: null },
    network: {
      inputSize: COEFFICIENTS * 2,
      layers: [{ cell: 'lstm', units: 1, direction }],
      dropout: 0,
      head: { kind: 'ctc', classes: SYMBOLS.length + 1 },
    },
    card: {
      understands: { en: 'Nothing.', zh: '无。' },
      words: [],
      language: 'en',
      licence: { en: 'CC0-1.0', zh: 'CC0-1.0' },
      data: [],
      parameters: 1,
      errors: [],
      trainedOn: '2026-01-01',
      recipe: '',
    },
  };
}

class LeakyStream implements NetworkStream {
  #level = 0;
  #beat = 0;
  isDisposed = false;
  constructor(private readonly spec: NetworkSpec) {}

  push(frames: Float32Array): Float32Array {
    const { inputSize, head } = this.spec;
    const n = frames.length / inputSize;
    const logits = new Float32Array(n * head.classes);
    for (let t = 0; t < n; t++) {
      this.#level = 0.8 * this.#level + 0.2 * Math.abs(frames[t * inputSize] as number);
      this.#beat++;
      const spoken = Math.floor(this.#level + this.#beat / 7) % head.classes;
      logits[t * head.classes + spoken] = 4;
    }
    return logits;
  }
  reset(): void {
    this.#level = 0;
    this.#beat = 0;
  }
  dispose(): void {
    this.isDisposed = true;
  }
}

/** Lengths that the program was asked for, for tests of how much is computed. */
export const fakeOpeners = (lengths: number[] = []): NetworkOpeners => ({
  openStream: (spec) => new LeakyStream(spec),
  openProgram: (spec) =>
    ({
      logits: async ({ features, T }: SequenceBatch) => {
        lengths.push(T);
        return new LeakyStream(spec).push(features);
      },
      dispose: () => undefined,
    }) as unknown as NetworkProgram,
});

export const openFakeModel = (direction: 'forward' | 'bidirectional' = 'forward', lengths: number[] = []): OpenModel =>
  new OpenModel({ manifest: fakeManifest(direction), parameters: new Map() }, 'wasm', fakeOpeners(lengths));

/** Something like speech: bursts of tones with pauses, 16 kHz. */
export function babble(seconds: number): Int16Array {
  return Int16Array.from({ length: Math.round(seconds * 16_000) }, (_, n) => {
    const t = n / 16_000;
    const loudness = Math.max(0, Math.sin(2 * Math.PI * 1.3 * t)) * 9000;
    return Math.round(
      loudness * Math.sin(2 * Math.PI * (200 + 150 * Math.sin(t * 2)) * t) + 20 * Math.sin(n * 12.9898),
    );
  });
}
