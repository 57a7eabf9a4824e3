// How much room a folder takes.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from './recordingFiles';

/** Bytes of all files below `path`, or of the file that it is; 0 where nothing is there. What goes away while it is counted counts nothing. */
export async function folderSize(path: string): Promise<number> {
  try {
    const stats = await fs.lstat(path);
    if (!stats.isDirectory()) return stats.isFile() ? stats.size : 0;
    let sum = 0;
    for (const name of await fs.readdir(path)) sum += await folderSize(join(path, name));
    return sum;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}
