// What the program wrote down about itself: starts, ends and errors, for a report of a mistake. Never what was said.
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Of the file that is written; as much again is kept of the one before it. */
const MAX_BYTES = 512 * 1024;
/** A line is cut here: an error may carry a whole document. */
const MAX_LINE_CHARACTERS = 4_000;

export class LogFile {
  readonly #folder: string;
  readonly #maxBytes: number;
  #isWritable = true;

  /** @param folder made where it is missing */
  constructor(folder: string, maxBytes = MAX_BYTES) {
    this.#folder = folder;
    this.#maxBytes = maxBytes;
  }

  /** Adds a line with its time. A folder that cannot be written to keeps nothing from going on. */
  write(line: string, now = new Date()): void {
    if (!this.#isWritable) return;
    try {
      mkdirSync(this.#folder, { recursive: true });
      this.#makeRoom();
      appendFileSync(this.#newest, `${now.toISOString()} ${line.slice(0, MAX_LINE_CHARACTERS)}\n`);
    } catch (error) {
      this.#isWritable = false;
      console.error(`The log could not be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** @returns the newest lines, oldest first, at most so many characters */
  read(characters: number): string {
    const text = [this.#older, this.#newest].map(textOf).join('');
    return text.length <= characters ? text : text.slice(text.indexOf('\n', text.length - characters) + 1);
  }

  get #newest(): string {
    return join(this.#folder, 'unroll.log');
  }
  get #older(): string {
    return join(this.#folder, 'unroll.before.log');
  }

  #makeRoom(): void {
    if (existsSync(this.#newest) && statSync(this.#newest).size >= this.#maxBytes)
      renameSync(this.#newest, this.#older);
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // none yet, or it cannot be read: a report goes without it
  }
}
