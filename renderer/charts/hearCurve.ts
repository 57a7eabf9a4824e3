// A curve as sound: pitch for height, time for steps.

/** Two octaves: low is low. */
const PITCH_HZ = { low: 220, high: 880 } as const;
const VOLUME = 0.15;
const FADE_S = 0.03;

/** A pitch for each value, in Hz; logarithmic in pitch as hearing is, and in the values where these are positive. */
export function pitches(values: readonly number[]): Float32Array<ArrayBuffer> {
  const isLog = values.every((value) => value > 0);
  const heights = values.map((value) => (isLog ? Math.log(value) : value));
  const low = Math.min(...heights);
  const reach = Math.max(...heights) - low;
  const { low: from, high: to } = PITCH_HZ;
  return Float32Array.from(heights, (height) => from * (to / from) ** (reach > 0 ? (height - low) / reach : 0.5));
}

export interface CurveSound {
  stop(): void;
}

/**
 * Plays a curve of at least two values once.
 * @param onMove told again and again how far it is, from 0 to 1
 * @param onEnded told once: it has come to its end, or was stopped
 */
export function hearCurve(
  values: readonly number[],
  seconds: number,
  onMove: (share: number) => void,
  onEnded: () => void,
): CurveSound {
  const context = new AudioContext();
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.type = 'triangle';
  const from = context.currentTime + FADE_S;
  tone.frequency.setValueCurveAtTime(pitches(values), from, seconds);
  volume.gain.setValueAtTime(0, context.currentTime);
  volume.gain.linearRampToValueAtTime(VOLUME, from);
  volume.gain.setValueAtTime(VOLUME, from + seconds);
  volume.gain.linearRampToValueAtTime(0, from + seconds + FADE_S);
  tone.connect(volume);
  volume.connect(context.destination);
  void context.resume();
  tone.start();
  const startedAt = performance.now();
  let isOver = false;
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    void context.close();
    onEnded();
  };
  // Without a loudspeaker the context's clock may stand still: the window's own is followed.
  const move = (): void => {
    if (isOver) return;
    const share = (performance.now() - startedAt) / (1000 * seconds);
    if (share >= 1) {
      end();
      return;
    }
    onMove(share);
    requestAnimationFrame(move);
  };
  requestAnimationFrame(move);
  return { stop: end };
}
