// Whether a sound is in the library already, told by its samples: of what is as long, only that is read, and only up to the first
// sample that differs.
import type { Recordings } from './recordings';

const PIECE_SAMPLES = 1 << 20;
/** Lengths of recordings are whole samples. */
const LESS_THAN_A_SAMPLE_MS = 1e-3;

/**
 * @param pcm at the rate of recordings, mono
 * @param durationMs of it, as recordings state theirs
 * @returns the newest such recording that is not in the trash; null where there is none
 */
export async function recordingOfSound(
  recordings: Pick<Recordings, 'ids' | 'audio'>,
  pcm: Int16Array,
  durationMs: number,
): Promise<string | null> {
  const asLong = { durationFromMs: durationMs, durationBelowMs: durationMs + LESS_THAN_A_SAMPLE_MS };
  for (const id of recordings.ids(asLong)) if (await isSound(recordings, id, pcm)) return id;
  return null;
}

async function isSound(recordings: Pick<Recordings, 'audio'>, id: string, pcm: Int16Array): Promise<boolean> {
  for (let first = 0; first < pcm.length; first += PIECE_SAMPLES) {
    const piece = pcm.subarray(first, first + PIECE_SAMPLES);
    const { pcm: kept, totalSamples } = await recordings.audio(id, first, piece.length);
    if (totalSamples !== pcm.length || piece.some((sample, at) => sample !== kept[at])) return false;
  }
  return true;
}
