// A sample played aloud, and heard by the network exactly as it is stored: the same samples a file would give.
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { toFloat } from '../../app/audio/samples';
import type { OpenSource } from './source';

const FEED_EVERY_MS = 100;

/**
 * Plays `pcm` in real time and delivers what has been played.
 * @param pcm 16 kHz mono
 */
export function openSample(pcm: Int16Array, label: string): OpenSource {
  const samples = toFloat(pcm);
  // Kept here and not in the source: after a pause the sample goes on where it stopped.
  let position = 0;
  return async (events) => {
    const stopSound = await playAloud(samples.subarray(position));
    const startedAt = performance.now();
    const from = position;
    const feed = (): void => {
      const played = Math.floor(((performance.now() - startedAt) * RECORDING_SAMPLE_RATE_HZ) / 1000);
      const until = Math.min(samples.length, from + played);
      if (until > position) events.onSamples(samples.slice(position, until), RECORDING_SAMPLE_RATE_HZ);
      position = until;
      if (position < samples.length) return;
      clearInterval(timer);
      events.onEnded('finished');
    };
    const timer = setInterval(feed, FEED_EVERY_MS);
    return {
      deviceRateHz: null,
      label,
      deviceId: '',
      stop: async () => {
        clearInterval(timer);
        await stopSound();
      },
    };
  };
}

/** Resolves when the sound has begun; the returned function silences it. */
async function playAloud(samples: Float32Array): Promise<() => Promise<void>> {
  const context = new AudioContext();
  const buffer = context.createBuffer(1, Math.max(1, samples.length), RECORDING_SAMPLE_RATE_HZ);
  buffer.copyToChannel(samples as Float32Array<ArrayBuffer>, 0);
  const node = context.createBufferSource();
  node.buffer = buffer;
  node.connect(context.destination);
  // On a machine without a loudspeaker the context may never run; the network hears the sample all the same.
  void context.resume();
  node.start();
  return () => context.close();
}
