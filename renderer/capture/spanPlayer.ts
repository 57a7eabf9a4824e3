// Plays a part of a sound that is read by pieces, once or again and again without a gap.
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { toFloat } from '../../app/audio/samples';

const PIECE_MS = 30_000;
/** The next piece is asked for this long before it is needed. */
const AHEAD_S = 5;

/** 16 kHz mono between two moments; shorter where the sound ends before. */
export type ReadSound = (fromMs: number, untilMs: number) => Promise<Int16Array>;

export interface PlayedSpan {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Again and again; a span longer than a piece is played once. */
  readonly isLooped: boolean;
}

interface Playing {
  readonly context: AudioContext;
  readonly span: PlayedSpan;
  /** On the context's clock; null until sound comes. */
  startedAt: number | null;
}

export class SpanPlayer {
  readonly #read: ReadSound;
  readonly #onEnded: () => void;
  #playing: Playing | null = null;

  /** @param onEnded the sound came to its end, or was stopped */
  constructor(read: ReadSound, onEnded: () => void) {
    this.#read = read;
    this.#onEnded = onEnded;
  }

  /** Where the sound is now, or null while nothing plays. */
  get positionMs(): number | null {
    if (!this.#playing) return null;
    const { context, span, startedAt } = this.#playing;
    const passedMs = startedAt === null ? 0 : Math.max(0, context.currentTime - startedAt) * 1000;
    const lengthMs = span.untilMs - span.fromMs;
    return span.fromMs + (isLoop(span) ? passedMs % lengthMs : Math.min(passedMs, lengthMs));
  }

  /** Plays; what played before stops. Rejects when the sound cannot be read. */
  async play(span: PlayedSpan): Promise<void> {
    this.stop();
    const playing: Playing = { context: new AudioContext(), span, startedAt: null };
    this.#playing = playing;
    try {
      await (isLoop(span) ? this.#loop(playing) : this.#once(playing));
    } catch (error) {
      if (this.#playing === playing) this.stop();
      throw error;
    }
  }

  stop(): void {
    const playing = this.#playing;
    this.#playing = null;
    if (!playing) return;
    void playing.context.close();
    this.#onEnded();
  }

  async #loop(playing: Playing): Promise<void> {
    const pcm = await this.#read(playing.span.fromMs, playing.span.untilMs);
    if (this.#playing !== playing) return;
    await this.#begin(playing);
    schedule(playing.context, pcm, playing.startedAt ?? 0).loop = true;
  }

  async #once(playing: Playing): Promise<void> {
    const { context, span } = playing;
    let nextMs = span.fromMs;
    while (nextMs < span.untilMs) {
      const pcm = await this.#read(nextMs, Math.min(span.untilMs, nextMs + PIECE_MS));
      if (this.#playing !== playing || pcm.length === 0) break;
      await this.#begin(playing);
      schedule(context, pcm, (playing.startedAt ?? 0) + (nextMs - span.fromMs) / 1000);
      nextMs += (1000 * pcm.length) / RECORDING_SAMPLE_RATE_HZ;
      await this.#waitUntil(playing, (nextMs - span.fromMs) / 1000 - AHEAD_S);
    }
    await this.#waitUntil(playing, (nextMs - span.fromMs) / 1000);
    if (this.#playing === playing) this.stop();
  }

  async #begin(playing: Playing): Promise<void> {
    if (playing.startedAt !== null) return;
    await playing.context.resume();
    playing.startedAt = playing.context.currentTime;
  }

  /** @param seconds since the sound began */
  async #waitUntil(playing: Playing, seconds: number): Promise<void> {
    const left = (): number => (playing.startedAt ?? 0) + seconds - playing.context.currentTime;
    while (this.#playing === playing && left() > 0)
      await new Promise((resolve) => setTimeout(resolve, Math.min(250, 1000 * left())));
  }
}

const isLoop = ({ fromMs, untilMs, isLooped }: PlayedSpan): boolean => isLooped && untilMs - fromMs <= PIECE_MS;

function schedule(context: AudioContext, pcm: Int16Array, at: number): AudioBufferSourceNode {
  const buffer = context.createBuffer(1, Math.max(1, pcm.length), RECORDING_SAMPLE_RATE_HZ);
  buffer.copyToChannel(toFloat(pcm) as Float32Array<ArrayBuffer>, 0);
  const node = context.createBufferSource();
  node.buffer = buffer;
  node.connect(context.destination);
  node.start(at);
  return node;
}
