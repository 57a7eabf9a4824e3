// A command in a process of its own, whose stderr comes by way of this one: TensorFlow writes lines to it that nothing else
// silences, among them an error for every kept program, before it reads the program.
import { spawn } from 'node:child_process';

/** Whether this process is one that inOwnProcess started. */
export const isOwnProcess = (): boolean => process.env[MARK] === '1';
const MARK = 'UNROLL_OWN_PROCESS';
/** Columns of the terminal that stderr comes to, for the child, which has a pipe. */
export const COLUMNS = 'UNROLL_COLUMNS';
const CHATTER = /^(?:WARNING: All log messages before absl|I0000 |E0000 [^\n]*XlaSerializedCacheEntry)[^\n]*\n/gm;
const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];

/**
 * Runs the command that this process is, once more and as another process; signals are handed on to it.
 * @returns its exit code
 */
export async function inOwnProcess(): Promise<number> {
  const { isTTY, columns } = process.stderr;
  const child = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    env: { ...process.env, [MARK]: '1', ...(isTTY && { [COLUMNS]: String(columns) }) },
    // The channel tells the child when this process is gone.
    stdio: ['inherit', 'inherit', 'pipe', 'ipc'],
    // A terminal's interrupt comes to this process alone, and to the child once.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  const handOn = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of SIGNALS) process.on(signal, handOn);
  child.stderr!.setEncoding('utf8').on('data', (text: string) => process.stderr.write(text.replace(CHATTER, '')));
  return new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code !== null) resolve(code);
      else reject(new Error(`Expected the command's process to end by itself, but ${signal ?? 'something'} ended it`));
    });
  }).finally(() => SIGNALS.forEach((signal) => process.off(signal, handOn)));
}

/** In a process that inOwnProcess started: once the one that started it is gone. @returns ends the waiting */
export function onceAlone(act: () => void): () => void {
  if (!isOwnProcess()) return () => undefined;
  process.once('disconnect', act);
  return () => {
    process.off('disconnect', act);
    if (process.connected) process.disconnect();
  };
}
