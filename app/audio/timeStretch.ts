// Sound played faster or slower at the same pitch: waveform similarity overlap-add (Verhelst and Roelands, ICASSP 1993).

const WINDOW = 640;
const HOP = WINDOW / 2;
/** How far a piece may be moved to fit the one before. */
const REACH = 160;
/** Samples apart at which likeness is measured: enough for speech, and quick. */
const STEP = 2;

/**
 * @param pcm 16 kHz, from -1 to 1
 * @param speed 2 is twice as fast
 * @returns about pcm.length / speed samples
 */
export function timeStretched(pcm: Float32Array, speed: number): Float32Array {
  if (speed === 1 || pcm.length < WINDOW + REACH) return pcm;
  const length = Math.round(pcm.length / speed);
  const stretched = new Float32Array(length + WINDOW);
  let from = 0;
  for (let to = 0; to < length; to += HOP) {
    const wanted = Math.round(to * speed);
    from = to === 0 ? 0 : bestFit(pcm, from + HOP, wanted);
    for (let index = 0; index < WINDOW; index++) {
      const weight = 0.5 - 0.5 * Math.cos((2 * Math.PI * (index + 0.5)) / WINDOW);
      // The first half window has nothing before it to be faded in over.
      const faded = to === 0 && index < HOP ? 1 : weight;
      stretched[to + index] = (stretched[to + index] ?? 0) + faded * (pcm[from + index] ?? 0);
    }
  }
  return stretched.subarray(0, length);
}

/** The start nearest to `wanted` whose sound goes on as the sound at `natural` would. */
function bestFit(pcm: Float32Array, natural: number, wanted: number): number {
  let best = wanted;
  let most = -Infinity;
  const last = Math.min(wanted + REACH, pcm.length - WINDOW);
  for (let start = Math.max(0, wanted - REACH); start <= last; start++) {
    let likeness = 0;
    let energy = 1e-6;
    for (let index = 0; index < HOP; index += STEP) {
      const value = pcm[start + index] ?? 0;
      likeness += value * (pcm[natural + index] ?? 0);
      energy += value * value;
    }
    const score = likeness / Math.sqrt(energy);
    if (score > most) [most, best] = [score, start];
  }
  return best;
}
