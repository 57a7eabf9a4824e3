// Files that a person named.
import { createReadStream, promises as fs } from 'node:fs';
import { UnrollError } from '../../app/errors';

/**
 * The bytes of a file or of a pipe, such as a shell puts in the place of a file. A folder holds none, and a device may never end.
 * @throws UnrollError file.missing, file.unreadable, file.tooLarge
 */
export async function readNamedFile(file: string, maxBytes: number): Promise<Uint8Array> {
  try {
    const stats = await fs.stat(file);
    if (!stats.isFile() && !stats.isFIFO() && !stats.isSocket()) throw new UnrollError('file.unreadable', { file });
    if (stats.size > maxBytes) throw new UnrollError('file.tooLarge', { file, limit: limitText(maxBytes) });
    return stats.isFile() ? await fs.readFile(file) : await readToTheEnd(file, maxBytes);
  } catch (error) {
    if (error instanceof UnrollError) throw error;
    const isMissing = error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code));
    throw new UnrollError(isMissing ? 'file.missing' : 'file.unreadable', { file }, { cause: error });
  }
}

/** Of what does not tell its size. */
async function readToTheEnd(file: string, maxBytes: number): Promise<Uint8Array> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of createReadStream(file)) {
    pieces.push(piece as Buffer);
    length += (piece as Buffer).length;
    if (length > maxBytes) throw new UnrollError('file.tooLarge', { file, limit: limitText(maxBytes) });
  }
  return Buffer.concat(pieces);
}

const limitText = (bytes: number): string => (bytes >= 2 ** 30 ? `${bytes / 2 ** 30} GB` : `${bytes / 2 ** 20} MB`);
