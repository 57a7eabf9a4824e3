// Plays a short sound that the window holds whole.
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { toFloat } from '../../app/audio/samples';

export interface PlayingSound {
  /** Where the sound is now, in milliseconds of it. */
  positionMs(): number;
  /** Silences it; its end is told as well. */
  stop(): void;
}

/**
 * Plays 16 kHz mono at once.
 * @param onEnded told once: it has come to its end, or was stopped
 */
export function playPcm(pcm: Int16Array, onEnded: () => void): PlayingSound {
  const context = new AudioContext();
  const buffer = context.createBuffer(1, Math.max(1, pcm.length), RECORDING_SAMPLE_RATE_HZ);
  buffer.copyToChannel(toFloat(pcm) as Float32Array<ArrayBuffer>, 0);
  const node = context.createBufferSource();
  node.buffer = buffer;
  node.connect(context.destination);
  void context.resume();
  node.start();
  const startedAt = performance.now();
  const durationMs = (1000 * pcm.length) / RECORDING_SAMPLE_RATE_HZ;
  let isOver = false;
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    void context.close();
    onEnded();
  };
  // Without a loudspeaker the context's clock may stand still: the end comes by the window's own.
  const timer = setTimeout(end, durationMs + 50);
  return { positionMs: () => Math.min(durationMs, performance.now() - startedAt), stop: end };
}
