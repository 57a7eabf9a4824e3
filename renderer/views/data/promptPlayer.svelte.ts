// Hears the part of a take that would be kept.
import { playPcm, type PlayingSound } from '../../capture/pcmPlayer';

const SAMPLES_PER_MS = 16;

export class PromptPlayer {
  isPlaying = $state(false);
  #playing: PlayingSound | null = null;

  toggle(pcm: Int16Array, fromMs: number, toMs: number): void {
    const wasPlaying = this.isPlaying;
    this.stop();
    if (wasPlaying) return;
    this.isPlaying = true;
    this.#playing = playPcm(
      pcm.subarray(Math.round(fromMs * SAMPLES_PER_MS), Math.round(toMs * SAMPLES_PER_MS)),
      () => (this.isPlaying = false),
    );
  }

  stop(): void {
    this.#playing?.stop();
    this.#playing = null;
  }
}
