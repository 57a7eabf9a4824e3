// Plays a recording from the engine's disk, piece by piece, from any place in it.
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { toFloat } from '../../app/audio/samples';
import { timeStretched } from '../../app/audio/timeStretch';
import type { Bridge } from '../bridge/bridge';

/** The first piece is short, so that sound begins at once. */
const FIRST_PIECE_SAMPLES = RECORDING_SAMPLE_RATE_HZ * 5;
const PIECE_SAMPLES = RECORDING_SAMPLE_RATE_HZ * 30;
/** The next piece is asked for this long before it is needed. */
const AHEAD_S = 5;

export interface PlayRequest {
  readonly recordingId: string;
  readonly fromMs: number;
  /** Where to stop, or null for the end. */
  readonly untilMs: number | null;
  /** 2 is twice as fast, at the same pitch; 1 if left out. */
  readonly speed?: number;
  /** It has come to its end, or was stopped. */
  readonly onEnded: (isStopped: boolean) => void;
}

interface Playing {
  readonly context: AudioContext;
  readonly request: PlayRequest;
  /** On the context's clock. */
  startedAt: number;
}

export class Player {
  readonly #bridge: Bridge;
  #playing: Playing | null = null;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Where the sound is now, or null while nothing plays. */
  get positionMs(): number | null {
    if (!this.#playing) return null;
    const { context, request, startedAt } = this.#playing;
    return request.fromMs + Math.max(0, context.currentTime - startedAt) * 1000 * (request.speed ?? 1);
  }

  /** Plays; what played before stops. Rejects when the recording cannot be read. */
  async play(request: PlayRequest): Promise<void> {
    this.stop();
    const context = new AudioContext();
    const playing = { context, request, startedAt: context.currentTime };
    this.#playing = playing;
    try {
      await this.#playPieces(playing);
    } finally {
      if (this.#playing === playing) this.#end(false);
    }
  }

  stop(): void {
    this.#end(true);
  }

  #end(isStopped: boolean): void {
    const playing = this.#playing;
    this.#playing = null;
    if (!playing) return;
    void playing.context.close();
    playing.request.onEnded(isStopped);
  }

  async #playPieces(playing: Playing): Promise<void> {
    const { context, request } = playing;
    const { speed = 1 } = request;
    /** When a sample is heard, on the context's clock. */
    const heardAt = (sample: number): number => playing.startedAt + (sample - first) / RECORDING_SAMPLE_RATE_HZ / speed;
    const first = Math.round((request.fromMs * RECORDING_SAMPLE_RATE_HZ) / 1000);
    const until = request.untilMs === null ? Infinity : Math.round((request.untilMs * RECORDING_SAMPLE_RATE_HZ) / 1000);
    let next = first;
    while (next < until) {
      const samples = Math.min(next === first ? FIRST_PIECE_SAMPLES : PIECE_SAMPLES, until - next);
      const body = { recordingId: request.recordingId, firstSample: next, samples };
      const { pcm } = await this.#bridge.request('recordings.audio', body);
      if (this.#playing !== playing || pcm.length === 0) break;
      if (next === first) {
        await context.resume();
        playing.startedAt = context.currentTime;
      }
      schedule(context, timeStretched(toFloat(pcm), speed), heardAt(next));
      next += pcm.length;
      await this.#waitUntil(playing, heardAt(next) - AHEAD_S);
    }
    await this.#waitUntil(playing, heardAt(next));
  }

  async #waitUntil(playing: Playing, time: number): Promise<void> {
    while (this.#playing === playing && playing.context.currentTime < time) {
      const left = time - playing.context.currentTime;
      await new Promise((resolve) => setTimeout(resolve, Math.min(250, 1000 * left)));
    }
  }
}

function schedule(context: AudioContext, pcm: Float32Array, at: number): void {
  const buffer = context.createBuffer(1, pcm.length, RECORDING_SAMPLE_RATE_HZ);
  buffer.copyToChannel(pcm as Float32Array<ArrayBuffer>, 0);
  const node = context.createBufferSource();
  node.buffer = buffer;
  node.connect(context.destination);
  node.start(at);
}
