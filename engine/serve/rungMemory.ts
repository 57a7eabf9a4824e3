// Which rung worked the last time, so that not every start tries anew; and how the trial is made where no child process can
// be had for it.
import { promises as fs } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import { rungSchema, type Rung } from '../../app/contract/rung';
import { writeFileAtomic } from '../library/atomicFile';
import { isMissing } from '../library/recordingFiles';
import { machineKey } from '../runtime/machineKey';
import { chooseRung, type RungChoice, type RunScript } from '../runtime/rung';

const memorySchema = z.strictObject({
  /** Of the machine and the library: a memory of others is none. */
  key: z.string(),
  choice: z.strictObject({ rung: rungSchema, reason: z.string(), backend: z.string() }).nullable(),
  /** Starts in a row that did not get as far as confirming their choice. */
  unconfirmed: z.number().int().nonnegative(),
  /** Of the trial, or of the newest start that was not confirmed. */
  at: z.number(),
});
type Memory = z.infer<typeof memorySchema>;

/** Deaths in a row after which the native library is left alone for a day. A person may end the engine early once. */
const MOST_DEATHS = 2;
const DAY_MS = 86_400_000;

export interface RungMemoryOptions {
  /** Whether this process can start another Node for the trial; a packaged Electron cannot. */
  readonly hasNode?: boolean;
  readonly choose?: typeof chooseRung;
  readonly key?: () => Promise<string>;
  readonly now?: () => number;
}

/**
 * A rung is remembered before it is used and confirmed once it has worked. A start that finds an unconfirmed memory follows
 * one that died: it tries anew in a child process or, without one, counts the deaths and steps down to WebAssembly.
 */
export class RungMemory {
  readonly #file: string;
  readonly #forced: Rung | null;
  readonly #hasNode: boolean;
  readonly #choose: typeof chooseRung;
  readonly #key: () => Promise<string>;
  readonly #now: () => number;
  #memory: Memory | null = null;

  constructor(folder: string, forced: Rung | null, options: RungMemoryOptions = {}) {
    this.#file = join(folder, 'rung.json');
    this.#forced = forced;
    this.#hasNode = options.hasNode ?? process.versions['electron'] === undefined;
    this.#choose = options.choose ?? chooseRung;
    this.#key = options.key ?? machineKey;
    this.#now = options.now ?? Date.now;
  }

  get isForced(): boolean {
    return this.#forced !== null;
  }

  /** @throws UnrollError backend.unavailable */
  async choose(): Promise<RungChoice> {
    if (this.#forced !== null) return this.#try();
    const key = await this.#key();
    const known = await this.#read(key);
    if (!this.#hasNode && known !== null && known.unconfirmed >= MOST_DEATHS) {
      if (this.#now() - known.at < DAY_MS) return steppedDown();
    }
    const unconfirmed = (known?.unconfirmed ?? 0) + 1;
    await this.#write({ key, choice: known?.choice ?? null, unconfirmed, at: this.#now() });
    const proven = this.#provenBy(known);
    const choice = proven?.choice ?? (await this.#try());
    this.#memory = { key, choice, unconfirmed: 0, at: proven?.at ?? this.#now() };
    return choice;
  }

  async confirm(): Promise<void> {
    if (this.#memory !== null) await this.#write(this.#memory);
  }

  /** The top rung stays; why a lower one had to do may have passed, as a machine too busy for the trial does. */
  #provenBy(known: Memory | null): { readonly choice: RungChoice; readonly at: number } | null {
    if (known === null || known.choice === null || known.unconfirmed > 0) return null;
    const { choice, at } = known;
    return choice.rung === 'compiled' || this.#now() - at < DAY_MS ? { choice, at } : null;
  }

  #try(): Promise<RungChoice> {
    return this.#hasNode ? this.#choose(this.#forced) : this.#choose(this.#forced, runHere);
  }

  async #read(key: string): Promise<Memory | null> {
    let value: unknown;
    try {
      value = JSON.parse(await fs.readFile(this.#file, 'utf8'));
    } catch (error) {
      if (isMissing(error) || error instanceof SyntaxError) return null;
      throw error;
    }
    const memory = memorySchema.safeParse(value).data;
    return memory?.key === key ? memory : null;
  }
  #write(memory: Memory): Promise<void> {
    return writeFileAtomic(this.#file, JSON.stringify(memory));
  }
}

const steppedDown = (): RungChoice => ({
  rung: 'wasm',
  reason: 'Native TensorFlow ended the engine each time it was loaded.',
  backend: 'TensorFlow.js on WebAssembly',
});

/** Runs the trial in this very process: a library that ends it is found out at the next start. */
export const runHere: RunScript = async (source, parameters) => {
  const load = createRequire(__filename);
  let output = '';
  const files = { writeSync: (_fd: number, text: string) => (output += text) };
  const requireFor = (name: string): unknown => (name === 'fs' ? files : load(name));
  const stage = { argv: [process.execPath, ...parameters], env: process.env };
  try {
    // The script is rung.ts's own text; it is run as Node runs a module, with what it would touch handed in.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- this program's own text, which also runs as a process's script
    const run = new Function('require', 'process', source) as (require: unknown, process: unknown) => void;
    run(requireFor, stage);
    return { output, failure: '' };
  } catch (error) {
    return { output, failure: error instanceof Error ? error.message : String(error) };
  }
};
