// Between full-scale floating point and 16-bit samples, and from several channels to one.

/** Mean of the channels, which are all of the same length. */
export function toMono(channels: readonly Float32Array[]): Float32Array {
  const first = channels[0];
  if (!first) throw new Error('Expected at least one channel');
  if (channels.length === 1) return first;
  const mono = new Float32Array(first.length);
  for (let index = 0; index < mono.length; index++) {
    let sum = 0;
    for (const channel of channels) sum += channel[index] as number;
    mono[index] = sum / channels.length;
  }
  return mono;
}

/** Full scale ±1 to 16 bits: v · 32768, rounded to the nearest, clamped to [−32768, 32767]. */
export function toInt16(samples: Float32Array): Int16Array {
  const pcm = new Int16Array(samples.length);
  for (let index = 0; index < pcm.length; index++) {
    pcm[index] = Math.max(-32768, Math.min(32767, Math.round((samples[index] as number) * 32768)));
  }
  return pcm;
}

/** 16 bits to full scale ±1; toInt16 brings back the same samples. */
export function toFloat(pcm: Int16Array): Float32Array {
  const samples = new Float32Array(pcm.length);
  for (let index = 0; index < samples.length; index++) samples[index] = (pcm[index] as number) / 32768;
  return samples;
}
