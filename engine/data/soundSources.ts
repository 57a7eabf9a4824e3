// Recordings of noise and of rooms that disturbances draw from: those of a folder, or of a data set of the person.
import { createHash } from 'node:crypto';
import { toFloat } from '../../app/audio/samples';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import type { Augmentation } from '../../app/contract/trainingConfig';
import { UnrollError } from '../../app/errors';
import { NO_SOURCES, type SoundSources } from './augment';
import { readWholeSound } from './checkedRows';
import { Source } from './importers/source';
import { preparedResponse } from './reverb';
import { trainableRows } from './setFiles';

/** Kept in memory while clips are disturbed: half an hour of noise. What comes after it is not drawn from. */
const MOST_SAMPLES = 1800 * RECORDING_SAMPLE_RATE_HZ;

/** Files by their paths; nothing where it is not wanted. */
export interface SourceFiles {
  readonly noises: readonly string[];
  readonly responses: readonly string[];
}

/** @throws UnrollError file.missing, audio.unreadable and the like for a file that is no sound; audio.empty where all are */
export async function readSources({ noises, responses }: SourceFiles): Promise<SoundSources> {
  if (noises.length + responses.length === 0) return NO_SOURCES;
  const hash = createHash('sha256');
  const read = async (files: readonly string[], kind: string): Promise<Float32Array[]> => {
    const sounds: Float32Array[] = [];
    let samples = 0;
    for (const file of files) {
      if (samples >= MOST_SAMPLES) break;
      const { bytes, pcm } = await readWholeSound(file);
      hash.update(`${kind} ${bytes.length}\n`).update(bytes);
      const sound = toFloat(pcm.subarray(0, MOST_SAMPLES - samples));
      if (sound.length > 0) sounds.push(sound);
      samples += sound.length;
    }
    return sounds;
  };
  const noise = await read(noises, 'noise');
  const rooms = await read(responses, 'response');
  return { key: hash.digest('hex'), noises: noise, responses: rooms.map(preparedResponse) };
}

/** All sound under a folder; none where no folder is named. @throws UnrollError file.missing, dataset.noSound */
export async function soundFilesOf(folder: string | null): Promise<string[]> {
  if (folder === null) return [];
  const source = await Source.open(folder);
  if (source.audioFiles.length === 0) throw new UnrollError('dataset.noSound', { file: folder });
  return source.audioFiles.map((file) => source.absolute(file));
}

/** What an augmentation names. @param sets the data folder's `sets`. @throws UnrollError dataset.missing, and as readSources */
export async function sourcesOf(
  sets: string,
  { noiseSet, responseSet }: Pick<Augmentation, 'noiseSet' | 'responseSet'>,
): Promise<SoundSources> {
  const filesOf = async (id: string | null): Promise<string[]> =>
    id === null ? [] : (await trainableRows(sets, id)).map(({ path }) => path);
  return readSources({ noises: await filesOf(noiseSet), responses: await filesOf(responseSet) });
}
