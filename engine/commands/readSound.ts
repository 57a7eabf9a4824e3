// A sound file that a person named.
import { MAX_FILE_BYTES } from '../../app/contract/messages';
import { decodeAudio } from '../data/audioFile';
import { readNamedFile } from '../data/namedFile';

/** 16 kHz mono. @throws UnrollError file.missing, file.unreadable, file.tooLarge, audio.unreadable, audio.empty */
export const readSound = async (file: string): Promise<Int16Array> =>
  decodeAudio(await readNamedFile(file, MAX_FILE_BYTES), file);
