// The files that lie beside the archive of a packaged app, by the list inside it. Electron's own check of the archive does not
// reach them, and the engine runs them.
import { createHash } from 'node:crypto';
import { createReadStream, promises as fs } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UnrollError } from '../app/errors';

/** SHA-256 in hexadecimal by path, with slashes, below the program's folder. */
const listSchema = z.record(z.string().min(1).max(1_000), z.string().regex(/^[0-9a-f]{64}$/));
export type ProgramFileList = Readonly<Record<string, string>>;

const PIECE_BYTES = 1 << 20;
/** Files that are read beside each other: most are small. */
const AT_ONCE = 32;

/** @throws Error where it is no such list */
export async function readProgramFileList(file: string): Promise<ProgramFileList> {
  return listSchema.parse(JSON.parse(await fs.readFile(file, 'utf8')));
}

/**
 * Holds every file that is there against the list.
 * @param folder the folder that the list's paths start from
 * @throws UnrollError `engine.failed`, naming the first file that is not as it was packaged or is on no list
 */
export async function checkProgramFiles(list: ProgramFileList, folder: string): Promise<void> {
  const paths = await filesBelow(folder);
  for (let first = 0; first < paths.length; first += AT_ONCE) {
    const some = paths.slice(first, first + AT_ONCE);
    const hashes = await Promise.all(some.map((path) => programFileHash(folder, path)));
    const changed = some.find((path, index) => !Object.hasOwn(list, path) || list[path] !== hashes[index]);
    if (changed !== undefined)
      throw new UnrollError('engine.failed', { reason: 'reason.engine.changed', file: changed });
  }
}

/** @returns paths below `folder`, with slashes, in order; links are listed and never followed */
export async function filesBelow(folder: string, below = ''): Promise<readonly string[]> {
  const entries = await fs.readdir(join(folder, below), { withFileTypes: true });
  const paths: string[] = [];
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) paths.push(...(await filesBelow(folder, path)));
    else paths.push(path);
  }
  return paths.sort();
}

/** @returns the hash that the list has for the file; of a link, that of where it points: what lies there is listed itself */
export async function programFileHash(folder: string, path: string): Promise<string> {
  const file = join(folder, path);
  const hash = createHash('sha256');
  const found = await fs.lstat(file);
  if (found.isSymbolicLink()) return hash.update(`link to ${await fs.readlink(file)}`).digest('hex');
  if (found.size <= PIECE_BYTES) return hash.update(await fs.readFile(file)).digest('hex');
  for await (const piece of createReadStream(file, { highWaterMark: PIECE_BYTES })) hash.update(piece as Buffer);
  return hash.digest('hex');
}
