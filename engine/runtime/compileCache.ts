// XLA's programs kept from start to start. They are machine code that this process will run: they lie in a folder that nobody
// but the person can write or read, and go with the library, the processor, or a run that did not end in order.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from '../library/recordingFiles';
import { machineKey } from './machineKey';
import { isAlive } from './processes';

const FOLDER = 'compiled';
/** Lies among the programs while a process uses them, and holds its number. */
const IN_USE = 'in-use';
/** TensorFlow reads its flags once, from the environment, when the first session opens. */
const FLAGS = 'TF_XLA_FLAGS';
const PERSISTENT = '--tf_xla_persistent_cache_directory=';
/** Around a path, which may have spaces; a flag that TensorFlow cannot read ends the process. */
const QUOTE = "'";
const PRIVATE = 0o700;
const MODE_BITS = 0o777;
/** A program has a tenth of a megabyte. */
const MAX_BYTES = 64 << 20;

/** Whether this process keeps what it compiles. */
export const keepsPrograms = (): boolean => process.env[FLAGS]?.includes(PERSISTENT) === true;

export interface CompileCache {
  /** Where the programs lie. */
  readonly folder: string;
  /** What lies there is whole and will be used by the next start. */
  close(): Promise<void>;
}

/**
 * From now on programs that XLA compiles are kept under `data`, and read where they are there. Call it before the native
 * library opens its first session.
 * @param data the person's own folder; must be there
 * @param key of the machine and the library, fit for a file's name: programs of any other are removed
 * @returns null where nothing can be kept: the folder is not this person's own, its path cannot be said to TensorFlow, or
 *   another process that runs uses it
 */
export async function openCompileCache(
  data: string,
  key: () => Promise<string> = machineKey,
): Promise<CompileCache | null> {
  const all = join(data, FOLDER);
  const name = await key();
  const folder = join(all, name);
  if (folder.includes(QUOTE)) return null;
  await fs.mkdir(all, { mode: PRIVATE, recursive: true });
  if (!(await isOwn(all))) return null;
  if (await isTaken(folder)) return null;
  for (const other of await fs.readdir(all)) {
    const isKept = other === name && (await isOwn(folder)) && (await isSound(folder));
    if (!isKept) await fs.rm(join(all, other), { recursive: true });
  }
  await fs.mkdir(folder, { mode: PRIVATE, recursive: true });
  const mark = join(folder, IN_USE);
  await fs.writeFile(mark, String(process.pid));
  const given = process.env[FLAGS];
  const flag = `${PERSISTENT}${QUOTE}${folder}${QUOTE}`;
  process.env[FLAGS] = given === undefined ? flag : `${given} ${flag}`;
  return { folder, close: () => fs.rm(mark, { force: true }) };
}

/** Whether a folder is this person's and nobody else's; rights that others have to it are taken from them. */
async function isOwn(folder: string): Promise<boolean> {
  const state = await fs.lstat(folder);
  if (!state.isDirectory() || (process.getuid !== undefined && state.uid !== process.getuid())) return false;
  if ((state.mode & MODE_BITS) !== PRIVATE) await fs.chmod(folder, PRIVATE);
  return true;
}

/** No number where there is no mark. */
function absent(error: unknown): string {
  if (isMissing(error)) return '';
  throw error;
}

/** Whether another process uses the programs and runs. */
async function isTaken(folder: string): Promise<boolean> {
  const holder = Number(await fs.readFile(join(folder, IN_USE), 'utf8').catch(absent));
  return holder > 0 && holder !== process.pid && isAlive(holder);
}

/** Whether the last use ended in order, and left less than MAX_BYTES. */
async function isSound(folder: string): Promise<boolean> {
  const names = await fs.readdir(folder);
  if (names.includes(IN_USE)) return false;
  const sizes = await Promise.all(names.map(async (name) => (await fs.stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0) <= MAX_BYTES;
}
