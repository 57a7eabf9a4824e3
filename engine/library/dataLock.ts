// One engine per data folder: two would recover each other's takes.
import { promises as fs } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { UnrollError } from '../../app/errors';
import { isAlive } from '../runtime/processes';
import { isMissing } from './recordingFiles';

export const LOCK_FILE = 'engine.lock';
const BEAT_MS = 5_000;
/** A holder that has not touched its lock for so long is gone, whatever its process number means by now. */
const STALE_MS = 30_000;
/** A lock that cannot be read and is younger is being written; an older one was cut short. */
const WRITING_MS = 1_000;

const lockSchema = z.strictObject({ pid: z.number().int().positive(), token: z.string() });
type Lock = z.infer<typeof lockSchema>;

export interface DataLock {
  release(): Promise<void>;
}

/**
 * Takes the folder for this process. The lock of a process that is gone is taken over.
 * @param onLost called when another process has taken the lock over, as after a long sleep of the machine
 * @throws UnrollError data.inUse
 */
export async function lockDataFolder(folder: string, onLost: () => void): Promise<DataLock> {
  const path = join(folder, LOCK_FILE);
  const own: Lock = { pid: process.pid, token: randomBytes(16).toString('hex') };
  if (!(await tryWrite(path, own))) {
    if (await isHeld(path)) throw new UnrollError('data.inUse');
    await fs.rm(path, { force: true });
    if (!(await tryWrite(path, own))) throw new UnrollError('data.inUse');
  }
  const timer = setInterval(() => void beat().catch(onLost), BEAT_MS);
  timer.unref();
  async function beat(): Promise<void> {
    if (!(await isOwn())) throw new Error(`Expected ${path} to be this process's`);
    const now = new Date();
    await fs.utimes(path, now, now);
  }
  const isOwn = async (): Promise<boolean> => (await readLock(path))?.token === own.token;
  return {
    release: async () => {
      clearInterval(timer);
      if (await isOwn()) await fs.rm(path, { force: true });
    },
  };
}

async function tryWrite(path: string, lock: Lock): Promise<boolean> {
  try {
    await fs.writeFile(path, JSON.stringify(lock), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function isHeld(path: string): Promise<boolean> {
  const lock = await readLock(path);
  if (lock !== null && (lock.pid === process.pid || !isAlive(lock.pid))) return false;
  try {
    return Date.now() - (await fs.stat(path)).mtimeMs < (lock === null ? WRITING_MS : STALE_MS);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** Null where the file is gone, or is being written, or its writer was cut short. */
async function readLock(path: string): Promise<Lock | null> {
  try {
    return lockSchema.safeParse(JSON.parse(await fs.readFile(path, 'utf8'))).data ?? null;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return null;
    throw error;
  }
}
