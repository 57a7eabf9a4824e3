// Child processes that never outlive their parent: each leads a process group of its own, ended whole.
import { spawn, spawnSync } from 'node:child_process';
import { StepError } from './report.mjs';

const isWindows = process.platform === 'win32';
/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();
/** @type {Set<(pid: number) => void>} */
const startListeners = new Set();
const KEPT_OUTPUT = 4_000;
/** Time for children to end in their own way: a recording is closed, a window's data written. */
const ENDING_MS = 5_000;

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
export function endTree(child, signal = 'SIGTERM') {
  if (child.pid === undefined) return;
  if (isWindows) {
    spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // ESRCH: the whole group has ended already.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

process.on('exit', () => running.forEach((child) => endTree(child, 'SIGKILL')));
for (const [signal, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])) {
  process.on(signal, () => {
    running.forEach((child) => endTree(child));
    const deadline = Date.now() + ENDING_MS;
    setInterval(() => {
      // What has not ended by itself by the deadline is ended by the exit handler.
      if (running.size === 0 || Date.now() > deadline) process.exit(code);
    }, 50);
  });
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { detached: !isWindows, ...options });
  running.add(child);
  child.once('close', () => running.delete(child));
  if (child.pid !== undefined) for (const listener of startListeners) listener(child.pid);
  return child;
}

/** Tells of every child that is started from now on. @param {(pid: number) => void} listener */
export function onStart(listener) {
  startListeners.add(listener);
  return () => startListeners.delete(listener);
}

/**
 * @typedef {object} Outcome
 * @property {number} code exit code; -1 where a signal or the time limit ended it, 127 where it could not be started
 * @property {string} output the end of what it wrote to both streams
 * @property {boolean} isTimedOut
 */

/**
 * Runs to the end and keeps the end of the output, or hands it through.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, isShown?: boolean, keep?: number }} [options]
 * @returns {Promise<Outcome>}
 */
export function run(command, args, { cwd, env, timeoutMs, isShown = false, keep = KEPT_OUTPUT } = {}) {
  return new Promise((resolve) => {
    const child = start(command, args, {
      stdio: isShown ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      ...(cwd === undefined ? {} : { cwd }),
      ...(env === undefined ? {} : { env }),
    });
    let output = '';
    let isTimedOut = false;
    const collect = (/** @type {Buffer} */ data) => (output = (output + data.toString()).slice(-keep));
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            isTimedOut = true;
            endTree(child, 'SIGKILL');
          }, timeoutMs);
    child.once('error', (error) => {
      clearTimeout(timer);
      running.delete(child);
      resolve({ code: 127, output: error.message, isTimedOut });
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? -1, output, isTimedOut });
    });
  });
}

/**
 * As run, but anything but success is an error with this sentence.
 * @param {string} sentence
 * @param {Parameters<typeof run>} call
 */
export async function mustRun(sentence, ...call) {
  const outcome = await run(...call);
  if (outcome.code !== 0) throw new StepError(sentence, outcome.output.trimEnd());
  return outcome;
}

/** True where the command can be started and ends well. @param {string} command @param {string[]} args */
export async function works(command, args = ['--version']) {
  return (await run(command, args, { timeoutMs: 20_000 })).code === 0;
}
