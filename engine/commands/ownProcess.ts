// A command in a process of its own, whose stderr comes by way of this one: TensorFlow writes lines to it that nothing else
// silences, among them an error for every kept program, before it reads the program.
import { spawn } from 'node:child_process';
import { COLUMNS, EXIT } from './output';

/** Whether this process is one that inOwnProcess started. */
export const isOwnProcess = (): boolean => process.env[MARK] === '1';
const MARK = 'UNROLL_OWN_PROCESS';
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

/** A terminal's interrupt comes to both processes, and from the one to the other once more: so close together they are one. */
const SAME_MS = 1_000;

/**
 * Calls `act` at the first interrupt, or once the process is gone that started this one; a later interrupt ends this one at once.
 * @returns ends the waiting
 */
export function onInterrupt(act: () => void): () => void {
  let firstAt: number | null = null;
  const interrupt = (): void => {
    if (firstAt === null) act();
    else if (performance.now() - firstAt > SAME_MS) process.exit(EXIT.interrupted);
    firstAt ??= performance.now();
  };
  process.on('SIGINT', interrupt);
  if (isOwnProcess()) process.once('disconnect', act);
  return () => {
    process.off('SIGINT', interrupt);
    process.off('disconnect', act);
    if (isOwnProcess() && process.connected) process.disconnect();
  };
}
