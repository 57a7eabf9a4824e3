// Plays a recording piece by piece, so that an hour of it needs no hour of memory.
import { RECORDING_SAMPLE_RATE_HZ } from '../../../app/contract/messages';
import { toFloat } from '../../../app/audio/samples';
import type { RecordingSound } from './sound.svelte';

const PIECE_SAMPLES = RECORDING_SAMPLE_RATE_HZ * 10;
/** Time to make the first piece sound without a click. */
const LEAD_SECONDS = 0.03;
/** The next piece is asked for this long before the present one ends. */
const AHEAD_SECONDS = 4;

/** One stretch of playing; whoever holds another one is out of date. */
type Run = { readonly fromMs: number; readonly untilMs: number; readonly context: AudioContext };

export class Player {
  positionMs = $state(0);
  isPlaying = $state(false);
  readonly #sound: RecordingSound;
  readonly #onError: (error: unknown) => void;
  #context: AudioContext | null = null;
  #sources: AudioBufferSourceNode[] = [];
  #run: Run | null = null;

  constructor(sound: RecordingSound, onError: (error: unknown) => void) {
    this.#sound = sound;
    this.#onError = onError;
  }

  toggle(): void {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  /** From the cursor to the end, or from the start where the cursor stands at the end. */
  play(): void {
    const end = this.#sound.durationMs;
    this.#start(this.positionMs >= end - 20 ? 0 : this.positionMs, end);
  }

  playSpan(fromMs: number, untilMs: number): void {
    this.#start(fromMs, Math.min(untilMs, this.#sound.durationMs));
  }

  pause(): void {
    this.#stop();
  }

  seek(milliseconds: number): void {
    const wasPlaying = this.isPlaying;
    this.#stop();
    this.positionMs = Math.max(0, Math.min(this.#sound.durationMs, milliseconds));
    if (wasPlaying) this.play();
  }

  skip(milliseconds: number): void {
    this.seek(this.positionMs + milliseconds);
  }

  close(): void {
    this.#stop();
    void this.#context?.close();
    this.#context = null;
  }

  #start(fromMs: number, untilMs: number): void {
    this.#stop();
    if (untilMs <= fromMs) return;
    this.isPlaying = true;
    this.positionMs = fromMs;
    this.#context ??= new AudioContext();
    const run = { fromMs, untilMs, context: this.#context };
    this.#run = run;
    void this.#stream(run).catch((error: unknown) => {
      if (run === this.#run) this.#stop();
      this.#onError(error);
    });
  }

  async #stream(run: Run): Promise<void> {
    await run.context.resume();
    const until = sampleAt(run.untilMs);
    let next = sampleAt(run.fromMs);
    let endsAt: number | null = null;
    while (next < until) {
      const pcm = await this.#sound.piece(next, Math.min(PIECE_SAMPLES, until - next));
      if (run !== this.#run || pcm.length === 0) return;
      if (endsAt === null) {
        endsAt = run.context.currentTime + LEAD_SECONDS;
        this.#follow(run, endsAt);
      }
      this.#schedule(run.context, pcm, endsAt);
      next += pcm.length;
      endsAt += pcm.length / RECORDING_SAMPLE_RATE_HZ;
      await waitUntil(run.context, endsAt - AHEAD_SECONDS);
      if (run !== this.#run) return;
    }
  }

  #schedule(context: AudioContext, pcm: Int16Array, at: number): void {
    const buffer = context.createBuffer(1, pcm.length, RECORDING_SAMPLE_RATE_HZ);
    buffer.getChannelData(0).set(toFloat(pcm));
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.start(at);
    source.onended = () => {
      this.#sources = this.#sources.filter((each) => each !== source);
    };
    this.#sources.push(source);
  }

  #follow(run: Run, startedAt: number): void {
    const tick = (): void => {
      if (run !== this.#run) return;
      const playedMs = Math.max(0, run.context.currentTime - startedAt) * 1000;
      this.positionMs = Math.min(run.untilMs, run.fromMs + playedMs);
      if (this.positionMs >= run.untilMs) this.#stop();
      else requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  #stop(): void {
    this.isPlaying = false;
    this.#run = null;
    for (const source of this.#sources) source.stop();
    this.#sources = [];
  }
}

const sampleAt = (milliseconds: number): number => Math.round((milliseconds / 1000) * RECORDING_SAMPLE_RATE_HZ);
const waitUntil = (context: AudioContext, time: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, (time - context.currentTime) * 1000)));
