// Records one take: source → 16 kHz → the engine's disk, as it comes. The whole take is kept here as well, so an engine that dies
// meanwhile costs nothing: when it is back, the take is sent again.
import { toInt16 } from '../../app/audio/samples';
import { Resampler } from '../../app/audio/resample';
import { MAX_TAKE_SECONDS, type TakeCheck } from '../../app/contract/dataSets';
import { RECORDING_SAMPLE_RATE_HZ, type RequestOf } from '../../app/contract/messages';
import { errorCodeOf, type Bridge } from '../bridge/bridge';
import { levelOf, type Level } from './level';
import type { OpenSource, SoundSource } from './source';

const MAX_SAMPLES = MAX_TAKE_SECONDS * RECORDING_SAMPLE_RATE_HZ;
/** Sent at once when there is a backlog: four seconds. */
const LARGEST_PIECE_SAMPLES = 64_000;
const RETRY_MS = 1_000;
/** An engine that is away longer than this is not waited for. */
const MAX_RETRIES = 60;
const INTERRUPTIONS = new Set(['engine.restarting', 'connection.lost', 'request.late']);

export interface Take {
  readonly takeId: string;
  /** 16 kHz mono, all of it. */
  readonly pcm: Int16Array;
  readonly check: TakeCheck;
}
export interface TakeEvents {
  readonly onLevel: (level: Level) => void;
  /** No more can be taken, or the device is gone: to be stopped. */
  readonly onFull: () => void;
}
/** What the take is of; the device tells its own name. */
export type TakeOf = Omit<RequestOf<'data.takeStart'>, 'device'>;

export class TakeRecorder {
  readonly #bridge: Bridge;
  readonly #of: TakeOf;
  readonly #events: TakeEvents;
  readonly #pieces: Int16Array[] = [];
  #samples = 0;
  #source: SoundSource | null = null;
  #resampler: Resampler | null = null;
  #rateHz = 0;
  #isOver = false;
  /** The engine went away since the take was begun there: what it knew of the take is gone. */
  #wasForgotten = false;
  #delivery: Promise<{ takeId: string; check: TakeCheck }> | null = null;
  /** Told when there is more to send, or nothing more will come. */
  #wake: () => void = () => undefined;

  constructor(bridge: Bridge, of: TakeOf, events: TakeEvents) {
    this.#bridge = bridge;
    this.#of = of;
    this.#events = events;
  }

  /** Opens the source. @throws MicrophoneError where there is none */
  async start(open: OpenSource): Promise<void> {
    this.#source = await open({
      onSamples: (samples, rateHz) => this.#heard(samples, rateHz),
      onEnded: () => this.#events.onFull(),
    });
    this.#delivery = this.#deliver(this.#source.label.slice(0, 200));
    // Whoever stops it hears of an error; until then it is not unhandled.
    this.#delivery.catch(() => undefined);
  }

  /** Ends the take and waits until it is on disk and was looked at. */
  async stop(): Promise<Take> {
    await this.#source?.stop();
    this.#source = null;
    this.#append(toInt16(this.#resampler?.finish() ?? new Float32Array(0)));
    this.#isOver = true;
    this.#wake();
    if (!this.#delivery) throw new Error('Expected the take to be started before it is stopped');
    return { ...(await this.#delivery), pcm: this.#piece(0, this.#samples) };
  }

  #heard(samples: Float32Array, rateHz: number): void {
    if (rateHz !== this.#rateHz) {
      this.#rateHz = rateHz;
      this.#resampler = rateHz === RECORDING_SAMPLE_RATE_HZ ? null : new Resampler(rateHz, RECORDING_SAMPLE_RATE_HZ);
    }
    this.#append(toInt16(this.#resampler?.push(samples) ?? samples));
  }

  #append(pcm: Int16Array): void {
    const kept = pcm.subarray(0, MAX_SAMPLES - this.#samples);
    if (kept.length > 0) {
      this.#pieces.push(kept);
      this.#samples += kept.length;
      this.#events.onLevel(levelOf(kept));
      this.#wake();
    }
    if (this.#samples >= MAX_SAMPLES && !this.#isOver) this.#events.onFull();
  }

  async #deliver(device: string): Promise<{ takeId: string; check: TakeCheck }> {
    const unsubscribe = this.#bridge.on('engine.state', ({ state }) => (this.#wasForgotten ||= state === 'restarting'));
    try {
      for (let attempt = 0; ; attempt++) {
        try {
          return await this.#deliverOnce(device);
        } catch (error) {
          if (!this.#isInterruption(error) || attempt >= MAX_RETRIES) throw error;
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        }
      }
    } finally {
      unsubscribe();
    }
  }

  #isInterruption(error: unknown): boolean {
    const code = errorCodeOf(error);
    return code !== null && (INTERRUPTIONS.has(code) || this.#wasForgotten);
  }

  async #deliverOnce(device: string): Promise<{ takeId: string; check: TakeCheck }> {
    const { takeId } = await this.#bridge.request('data.takeStart', { ...this.#of, device });
    this.#wasForgotten = false;
    let sent = 0;
    while (!this.#isOver || sent < this.#samples) {
      if (sent === this.#samples) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        continue;
      }
      const pcm = this.#piece(sent, Math.min(this.#samples, sent + LARGEST_PIECE_SAMPLES));
      await this.#bridge.request('data.takeChunk', { takeId, firstSample: sent, pcm });
      sent += pcm.length;
    }
    const { check } = await this.#bridge.request('data.takeFinish', { takeId });
    return { takeId, check };
  }

  #piece(from: number, to: number): Int16Array {
    const piece = new Int16Array(to - from);
    let at = 0;
    for (const pcm of this.#pieces) {
      const begin = Math.max(0, from - at);
      if (begin < pcm.length && at < to) piece.set(pcm.subarray(begin, to - at), at + begin - from);
      at += pcm.length;
    }
    return piece;
  }
}
