// A sound file that a person named.
import { promises as fs } from 'node:fs';
import { MAX_FILE_BYTES } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import { decodeAudio } from '../data/audioFile';

/** 16 kHz mono. @throws UnrollError file.missing, file.unreadable, file.tooLarge, audio.unreadable, audio.empty */
export async function readSound(file: string): Promise<Int16Array> {
  let bytes: Uint8Array;
  try {
    if ((await fs.stat(file)).size > MAX_FILE_BYTES) throw new UnrollError('file.tooLarge', { file, limit: '1 GB' });
    bytes = await fs.readFile(file);
  } catch (error) {
    if (error instanceof UnrollError) throw error;
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new UnrollError(isMissing ? 'file.missing' : 'file.unreadable', { file }, { cause: error });
  }
  return decodeAudio(bytes, file);
}
