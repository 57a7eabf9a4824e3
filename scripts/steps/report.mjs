// What set-up says: one line per step, a sign of life while it lasts, one sentence when it fails.

/** A failure that a person can mend: the message is the sentence to show, cure included. */
export class StepError extends Error {
  /**
   * @param {string} message
   * @param {string} [details] what the failing program said
   */
  constructor(message, details = '') {
    super(message);
    this.name = 'StepError';
    this.details = details;
  }
}

const SIGN_OF_LIFE_MS = 15_000;
const REDRAW_MS = 500;

export const seconds = (/** @type {number} */ ms) => `${(ms / 1000).toFixed(ms < 9_950 ? 1 : 0)} s`;
export const megabytes = (/** @type {number} */ bytes) => `${Math.round(bytes / 1e6)} MB`;

/**
 * @typedef {object} Report
 * @property {(title: string, sentence: string) => void} skipped says that nothing was to do
 * @property {(title: string, sentence: string) => void} without says that something known is not to be had
 * @property {(title: string, sentence: string) => void} note
 * @property {<T>(title: string, doing: string, work: (progress: (text: string) => void) => Promise<T>) => Promise<T>} step
 */

/**
 * @param {{ isQuiet?: boolean, stream?: NodeJS.WriteStream }} [options] quiet: says nothing of steps already done
 * @returns {Report}
 */
export function createReport({ isQuiet = false, stream = process.stdout } = {}) {
  const line = (/** @type {string} */ text) => stream.write(`${text}\n`);
  return {
    skipped: (title, sentence) => {
      if (!isQuiet) line(`✓ ${title}: ${sentence}`);
    },
    without: (title, sentence) => {
      if (!isQuiet) line(`· ${title}: ${sentence}`);
    },
    note: (title, sentence) => line(`· ${title}: ${sentence}`),
    step: async (title, doing, work) => {
      const startedAt = performance.now();
      let state = '';
      line(`→ ${title}: ${doing}`);
      const elapsed = () => seconds(performance.now() - startedAt);
      const sign = () =>
        stream.isTTY
          ? stream.write(`\r\x1b[K  ${state}${state && ', '}${elapsed()}`)
          : line(`  ${state}${state && ', '}${elapsed()}`);
      const timer = setInterval(sign, stream.isTTY ? REDRAW_MS : SIGN_OF_LIFE_MS);
      try {
        const result = await work((text) => (state = text));
        if (stream.isTTY) stream.write('\r\x1b[K');
        line(`✓ ${title}: done in ${elapsed()}`);
        return result;
      } catch (error) {
        if (stream.isTTY) stream.write('\r\x1b[K');
        throw error;
      } finally {
        clearInterval(timer);
      }
    },
  };
}

/** What parseArgs says of options that there are not, as one sentence. @param {unknown} error */
function usageProblem(error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  return code?.startsWith('ERR_PARSE_ARGS_') ? `${message.split('. ')[0]}: --help lists what there is.` : null;
}

/**
 * Runs a script's main function: a StepError becomes its sentence (exit code 1), a wrong option too (2), everything else
 * keeps its trace.
 * @param {() => Promise<number | void>} main gives the exit code
 */
export function runMain(main) {
  main().then(
    (code) => {
      process.exitCode = code ?? 0;
    },
    (error) => {
      const usage = usageProblem(error);
      const lines = error instanceof StepError ? [error.details, error.message] : [usage ?? error];
      for (const line of lines) if (line !== '') console.error(line);
      // Children that are still there end with us.
      process.exit(usage === null ? 1 : 2);
    },
  );
}
