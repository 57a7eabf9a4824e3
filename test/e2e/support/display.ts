// A screen for windows: the one there is, or Xvfb's.
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

export interface Display {
  /** For the environment of programs with windows. */
  readonly variables: Readonly<Record<string, string>>;
  close(): void;
}

export async function openDisplay(): Promise<Display> {
  if (process.platform !== 'linux' || process.env['DISPLAY']) return { variables: {}, close: () => undefined };
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1400x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise<string>((resolve, reject) => {
    (server.stdio[3] as Readable).once('data', (bytes: Buffer) => resolve(bytes.toString().trim()));
    server.once('error', () => reject(new Error('Expected a display or Xvfb: run `npm test -- e2e`')));
    server.once('exit', (code) => reject(new Error(`Expected Xvfb to run, but it ended with ${code}`)));
  });
  const close = (): void => void server.kill('SIGKILL');
  process.once('exit', close);
  return { variables: { DISPLAY: `:${number}` }, close };
}
