// How loud it is, in decibels below full scale.

/** Nothing louder than this for `SILENCE_AFTER_MS` means that the microphone is muted, broken or the wrong one. */
export const SILENCE_DBFS = -60;
export const SILENCE_AFTER_MS = 4_000;
/** The meter's quiet end; also what silence without any noise is said to be. */
export const FLOOR_DBFS = -90;

export interface Level {
  readonly peakDbfs: number;
  readonly rmsDbfs: number;
}

export const SILENT_LEVEL: Level = { peakDbfs: FLOOR_DBFS, rmsDbfs: FLOOR_DBFS };

const toDbfs = (amplitude: number): number => Math.max(FLOOR_DBFS, 20 * Math.log10(Math.max(amplitude, 1e-9)));

/** @param pcm 16-bit samples; full scale is 32,768 */
export function levelOf(pcm: Int16Array): Level {
  if (pcm.length === 0) return SILENT_LEVEL;
  let peak = 0;
  let energy = 0;
  for (const sample of pcm) {
    peak = Math.max(peak, Math.abs(sample));
    energy += sample * sample;
  }
  return { peakDbfs: toDbfs(peak / 32_768), rmsDbfs: toDbfs(Math.sqrt(energy / pcm.length) / 32_768) };
}

/** Where a level stands on a meter from −60 dB to 0 dB, 0…1. */
export const meterFraction = (dbfs: number): number => Math.min(1, Math.max(0, 1 + dbfs / -SILENCE_DBFS));

/** Notices that nothing is heard. */
export class SilenceWatch {
  #silentMs = 0;

  /** @returns true while nothing has been above −60 dB for four seconds */
  hear(peakDbfs: number, durationMs: number): boolean {
    this.#silentMs = peakDbfs > SILENCE_DBFS ? 0 : this.#silentMs + durationMs;
    return this.#silentMs >= SILENCE_AFTER_MS;
  }

  reset(): void {
    this.#silentMs = 0;
  }
}
