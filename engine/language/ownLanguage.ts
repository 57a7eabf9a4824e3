// The language model that comes with a recogniser: an ARPA file in its folder.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from '../library/recordingFiles';
import { readArpa } from './arpa';
import type { NgramModel } from './ngramModel';

export const LANGUAGE_FILE = 'lm.arpa';

/** Null where the folder holds none. @throws UnrollError as readArpa */
export async function readOwnLanguage(dir: string): Promise<NgramModel | null> {
  const file = join(dir, LANGUAGE_FILE);
  try {
    await fs.access(file);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  return readArpa(file);
}
