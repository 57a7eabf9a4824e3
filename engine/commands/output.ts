// What a command says: its answer on stdout, everything else on stderr.
import { UnrollError } from '../../app/errors';

/** One line, whatever is in it. */
export const answer = (text: string): void => void process.stdout.write(`${text}\n`);
export const answerJson = (value: unknown): void => answer(JSON.stringify(value));
export const say = (line: string): void => {
  clearBar();
  process.stderr.write(`${line}\n`);
};

export const percent = (fraction: number): string => `${(100 * fraction).toFixed(1)} %`;

const BAR_WIDTH = 24;
let hasBar = false;

/** Variable with the columns of the terminal that a process's stderr comes to by way of another one. */
export const COLUMNS = 'UNROLL_COLUMNS';
/** Of the terminal that stderr comes to; 0: it comes to none. */
const terminalColumns = (): number =>
  process.stderr.isTTY ? process.stderr.columns : Number(process.env[COLUMNS] ?? 0);

/** Redraws the one progress bar, where stderr is a terminal. */
export function drawBar(fraction: number, text: string): void {
  const columns = terminalColumns();
  if (columns === 0) return;
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * BAR_WIDTH);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)}`;
  process.stderr.write(`\r\x1b[K${`${bar} ${text}`.slice(0, Math.max(20, columns - 1))}`);
  hasBar = true;
}
export function clearBar(): void {
  if (hasBar) process.stderr.write('\r\x1b[K');
  hasBar = false;
}

export const EXIT = { ok: 0, badInput: 1, badUsage: 2, bug: 70, interrupted: 130 } as const;

/** One sentence on stderr and the exit code that goes with it; a bug's stack only where UNROLL_DEBUG is set. */
export function reportError(error: unknown): number {
  if (error instanceof UnrollError) {
    say(error.message);
    return error.code === 'usage' ? EXIT.badUsage : EXIT.badInput;
  }
  if (process.env['UNROLL_DEBUG'] === '1') say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  if (error instanceof Error && 'syscall' in error) {
    say(`${error.message}.`);
    return EXIT.badInput;
  }
  const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0];
  say(`This is a fault of Unroll: ${reason}. Set UNROLL_DEBUG=1 to see where.`);
  return EXIT.bug;
}
