// The cursor of a recording and its playing, for the views to follow.
import type { Bridge } from '../../bridge/bridge';
import { Player as SoundPlayer } from '../../capture/player';

/** Nearer to the end than this, playing begins anew. */
const END_MS = 50;

export class Player {
  positionMs = $state(0);
  isPlaying = $state(false);
  /** Plays a span again and again. */
  isLooping = $state(false);
  speed = $state(1);
  /** The line of text under a moment: what is looped where nothing else was asked for. */
  spanAt: (milliseconds: number) => { readonly startMs: number; readonly endMs: number } | null = () => null;
  readonly #recordingId: string;
  readonly #durationMs: number;
  readonly #onError: (error: unknown) => void;
  readonly #player: SoundPlayer;

  constructor(bridge: Bridge, recordingId: string, durationMs: number, onError: (error: unknown) => void) {
    this.#player = new SoundPlayer(bridge);
    this.#recordingId = recordingId;
    this.#durationMs = durationMs;
    this.#onError = onError;
  }

  toggle(): void {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  /** From the cursor to the end, or from the start where the cursor stands at the end. */
  play(): void {
    const span = this.isLooping ? this.spanAt(this.positionMs) : null;
    if (span) this.playSpan(span.startMs, span.endMs);
    else this.playSpan(this.positionMs >= this.#durationMs - END_MS ? 0 : this.positionMs, this.#durationMs);
  }

  playSpan(fromMs: number, untilMs: number): void {
    this.#player.stop();
    this.positionMs = fromMs;
    this.isPlaying = true;
    const end = Math.min(untilMs, this.#durationMs);
    const onEnded = (isStopped: boolean): void => {
      this.isPlaying = false;
      if (!isStopped && this.isLooping) this.playSpan(fromMs, untilMs);
    };
    this.#player
      .play({ recordingId: this.#recordingId, fromMs, untilMs: end, speed: this.speed, onEnded })
      .catch((error: unknown) => this.#onError(error));
    this.#follow(end);
  }

  pause(): void {
    this.#player.stop();
  }

  /** Faster or slower from here on, at the same pitch. */
  setSpeed(speed: number): void {
    this.speed = speed;
    this.seek(this.positionMs);
  }

  seek(milliseconds: number): void {
    const wasPlaying = this.isPlaying;
    this.pause();
    this.positionMs = Math.max(0, Math.min(this.#durationMs, milliseconds));
    if (wasPlaying) this.play();
  }

  skip(milliseconds: number): void {
    this.seek(this.positionMs + milliseconds);
  }

  #follow(untilMs: number): void {
    const tick = (): void => {
      const position = this.#player.positionMs;
      if (position === null) return;
      this.positionMs = Math.min(untilMs, position);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }
}
