// One set-up at a time: two would unpack over each other.
import { promises as fs } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onStart } from './run.mjs';

const HEARTBEAT_MS = 5_000;
/** A process number may be given to a stranger after a restart: an old file alone does not hold the lock. */
const FORGOTTEN_MS = 10 * 60_000;
const LOOK_AGAIN_MS = 300;
/** Longest time between the file's appearing and its first line. */
const WRITING_MS = 5_000;

const code = (/** @type {unknown} */ error) => /** @type {NodeJS.ErrnoException} */ (error).code;

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return code(error) === 'EPERM';
  }
}

/**
 * The file lists the holder and the children it started: a holder that was killed may have left an installer running.
 * @param {string} path
 * @returns {Promise<{ pids: number[], isFree: boolean, text: string }>}
 */
async function look(path) {
  try {
    const [text, { mtimeMs }] = await Promise.all([fs.readFile(path, 'utf8'), fs.stat(path)]);
    const ageMs = Date.now() - mtimeMs;
    const pids = text
      .split('\n')
      .map(Number)
      .filter((pid) => pid > 0 && isAlive(pid));
    const isBeingWritten = text === '' && ageMs < WRITING_MS;
    return { pids, isFree: ageMs > FORGOTTEN_MS || (pids.length === 0 && !isBeingWritten), text };
  } catch (error) {
    if (code(error) === 'ENOENT') return { pids: [], isFree: true, text: '' };
    throw error;
  }
}

/** @param {string} path @returns {Promise<boolean>} */
async function take(path) {
  try {
    await fs.writeFile(path, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (code(error) !== 'EEXIST') throw error;
    return false;
  }
}

/**
 * Takes a left-over lock out of the way, unless another has just done so and put its own there.
 * @param {string} path
 * @param {string} text what the left-over lock held
 */
async function removeLeftOver(path, text) {
  const aside = `${path}.left-over.${process.pid}`;
  try {
    await fs.rename(path, aside);
    if ((await fs.readFile(aside, 'utf8')) === text) await fs.rm(aside);
    else await fs.rename(aside, path);
  } catch (error) {
    if (code(error) !== 'ENOENT') throw error;
  }
}

/**
 * Waits for the lock, runs the work, lets go.
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} work
 * @param {(pids: number[]) => void} [onWait] told once when another holds it
 * @returns {Promise<T>}
 */
export async function withLock(path, work, onWait = () => {}) {
  await fs.mkdir(dirname(path), { recursive: true });
  for (let isTold = false; !(await take(path));) {
    const { pids, isFree, text } = await look(path);
    if (isFree) {
      await removeLeftOver(path, text);
      continue;
    }
    if (!isTold) onWait(pids);
    isTold = true;
    await sleep(LOOK_AGAIN_MS);
  }
  const stopListening = onStart((pid) => void fs.appendFile(path, `${pid}\n`).catch(() => {}));
  const heartbeat = setInterval(() => {
    const now = new Date();
    // A lock file deleted by hand is the person's will.
    fs.utimes(path, now, now).catch(() => {});
  }, HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    stopListening();
    await fs.rm(path, { force: true });
  }
}
