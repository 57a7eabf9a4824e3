// The differently disturbed copies of one recording, as training makes them and as the window shows them.
import { createHash } from 'node:crypto';
import type { Augmentation } from '../../app/contract/trainingConfig';
import { makeRandom } from '../runtime/random';
import { decodeAudio } from './audioFile';
import { disturbedCopies, type SoundSources } from './augment';

/** What of an augmentation, and of the sounds that it draws from, the copies depend on. */
export function copiesKey(augmentation: Augmentation, { key }: SoundSources): unknown {
  const { copies: count, speed, gainDb, noiseSnrDb, noiseChance, silenceMs } = augmentation;
  const { pitchSemitones, reverbChance, reverbSeconds, edgeCutMs, faintEdgeChance, edgeLevelDb } = augmentation;
  const usual = { count, speed, gainDb, noiseSnrDb, noiseChance, silenceMs };
  const own = {
    ...usual,
    ...(edgeCutMs[1] > 0 && { edgeCutMs }),
    ...(faintEdgeChance > 0 && { faintEdgeChance, edgeLevelDb }),
  };
  // Features that were kept before there were pitch, reverberation and cut edges are still those of none.
  const isPlain = pitchSemitones[0] === 0 && pitchSemitones[1] === 0 && reverbChance === 0 && key === null;
  return isPlain ? own : { ...own, pitchSemitones, reverbChance, reverbSeconds, key };
}

/**
 * 16 kHz mono each; the first is the recording as it is. Drawn by its content, so that they do not depend on what else is in a set.
 * @param name for sentences
 * @throws UnrollError audio.unreadable, audio.empty
 */
export async function copiesOf(
  { bytes, name }: { readonly bytes: Uint8Array; readonly name: string },
  augmentation: Augmentation,
  { seed, sources }: { readonly seed: number; readonly sources: SoundSources },
): Promise<Int16Array[]> {
  const pcm = await decodeAudio(bytes, name);
  const random = makeRandom(seed ^ createHash('sha256').update(bytes).digest().readUInt32LE());
  return disturbedCopies(pcm, augmentation, random, sources);
}
