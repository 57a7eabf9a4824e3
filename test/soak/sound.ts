// Speech without end, made of a few clips: what stands at a second follows from the second alone.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { decodeAudio } from '../../engine/data/audioFile';

export const SAMPLE_RATE_HZ = 16_000;
const PAUSE_SECONDS = 0.7;

export interface EndlessSound {
  /** Samples [first, first + count). */
  read(first: number, count: number): Int16Array;
}

/** Every WAV file of the folder, one after the other with pauses, again and again. */
export async function endlessSound(folder: string): Promise<EndlessSound> {
  const names = (await fs.readdir(folder)).filter((name) => name.endsWith('.wav')).sort();
  const pause = new Int16Array(PAUSE_SECONDS * SAMPLE_RATE_HZ);
  const pieces: Int16Array[] = [];
  for (const name of names) pieces.push(await decodeAudio(await fs.readFile(join(folder, name)), name), pause);
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (length === 0) throw new Error(`Expected WAV files in ${folder}`);
  const round = new Int16Array(length);
  let at = 0;
  for (const piece of pieces) {
    round.set(piece, at);
    at += piece.length;
  }
  return {
    read: (first, count) => Int16Array.from({ length: count }, (_, n) => round[(first + n) % length] ?? 0),
  };
}
