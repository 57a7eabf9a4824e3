// A folder whose new sounds become recordings by themselves. What was taken is known by its bytes, so that a file that is renamed,
// copied or found again after a restart is not taken twice.
import { createHash } from 'node:crypto';
import { createReadStream, promises as fs, watch, type FSWatcher } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { z } from 'zod';
import type { WatchedFolder } from '../app/contract/watching';
import { SOUNDS } from './openedFiles';

/** Sounds that a window's browser may decode, and the engine does not. */
const FOR_A_WINDOW: ReadonlySet<string> = new Set(['.m4a', '.mp4', '.aac']);
/** Folders inside folders that are looked into. */
const MAX_DEPTH = 8;
/** Files that are looked at; a folder of more is no place to watch. */
const MAX_FILES = 20_000;

/** A file whose size and time did not change for so long is whole. */
const STEADY_MS = 2_000;
/** Systems forget to tell of some changes, above all on shared drives. */
const RESCAN_MS = 15_000;

const UNREADABLE = 'The note of the watched folder could not be read: no folder is watched.';

export interface FolderWatchOptions {
  /** What outlasts the program: the folder, whether it rests, and what was taken. */
  readonly stateFile: string;
  /** Gives a sound to the engine. @throws where it cannot be read or is refused */
  readonly hear: (path: string) => Promise<void>;
  /** Gives one to a window. @returns whether there was one. @throws as hear */
  readonly offer: (path: string) => Promise<boolean>;
  readonly onChanged: (watched: WatchedFolder | null) => void;
  readonly log: (line: string) => void;
  readonly steadyMs?: number;
  readonly rescanMs?: number;
}

const keptSchema = z.object({
  version: z.literal(1),
  folder: z.string().min(1),
  isPaused: z.boolean(),
  /** SHA-256 of the files that were taken, or tried in vain. */
  taken: z.array(z.string()),
});
type Kept = z.infer<typeof keptSchema>;

interface Seen {
  readonly size: number;
  readonly changedMs: number;
  readonly since: number;
}

export class FolderWatch {
  readonly #options: FolderWatchOptions;
  #kept: Kept | null = null;
  #watcher: FSWatcher | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isScanning = false;
  #isMissing = false;
  #heard = 0;
  #failed: string[] = [];
  /** By path: how a file was when it was first seen so. */
  readonly #seen = new Map<string, Seen>();
  /** By path and form: files that need not be read again. */
  readonly #known = new Set<string>();

  constructor(options: FolderWatchOptions) {
    this.#options = options;
  }

  /** Goes on with the folder of the last time, if there was one. A note of it that is damaged or out of reach is as none. */
  async resume(): Promise<void> {
    try {
      const kept = keptSchema.safeParse(JSON.parse(await fs.readFile(this.#options.stateFile, 'utf8')));
      if (kept.success) this.#kept = kept.data;
      else this.#options.log(UNREADABLE);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (!(error instanceof SyntaxError) && code === undefined) throw error;
      if (code !== 'ENOENT') this.#options.log(UNREADABLE);
    }
    this.#begin();
  }

  get watched(): WatchedFolder | null {
    if (!this.#kept) return null;
    const { folder, isPaused } = this.#kept;
    const state = isPaused ? 'paused' : this.#isMissing ? 'missing' : 'watching';
    return { name: basename(folder) || folder, state, heard: this.#heard, failed: [...this.#failed] };
  }

  /** Watches this folder in the place of the one before it. What lies in it now is taken too. */
  async choose(folder: string): Promise<void> {
    this.#end();
    const taken = this.#kept?.taken ?? [];
    this.#heard = 0;
    this.#failed = [];
    await this.#keep({ version: 1, folder, isPaused: false, taken });
    this.#begin();
  }

  async rest(isPaused: boolean): Promise<void> {
    if (!this.#kept) return;
    this.#end();
    await this.#keep({ ...this.#kept, isPaused });
    this.#begin();
  }

  /** Watches nothing any more, and forgets what was taken. */
  async stop(): Promise<void> {
    this.#end();
    this.#kept = null;
    await fs.rm(this.#options.stateFile, { force: true });
    this.#tell();
  }

  /** Until the program starts again. */
  close(): void {
    this.#end();
  }

  #begin(): void {
    this.#isMissing = false;
    this.#tell();
    if (this.#kept && !this.#kept.isPaused) this.#scanIn(0);
  }

  #end(): void {
    this.#watcher?.close();
    this.#watcher = null;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#seen.clear();
    this.#known.clear();
  }

  #scanIn(ms: number): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#scan(), ms);
  }

  async #scan(): Promise<void> {
    const kept = this.#kept;
    if (!kept || kept.isPaused || this.#isScanning) return;
    this.#isScanning = true;
    let isWaiting = false;
    try {
      const paths = await soundsBelow(kept.folder);
      this.#found(false);
      this.#listen(kept.folder);
      for (const path of paths) {
        if (this.#kept?.folder !== kept.folder || this.#kept.isPaused) break;
        isWaiting = !(await this.#look(path)) || isWaiting;
      }
    } catch (error) {
      // Unplugged, renamed, or taken away: it is looked for until it is back.
      this.#options.log(`The watched folder cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
      this.#found(true);
    } finally {
      this.#isScanning = false;
    }
    const { steadyMs = STEADY_MS, rescanMs = RESCAN_MS } = this.#options;
    if (this.#kept && !this.#kept.isPaused) this.#scanIn(isWaiting ? steadyMs : rescanMs);
  }

  #found(isMissing: boolean): void {
    if (isMissing) {
      this.#watcher?.close();
      this.#watcher = null;
    }
    if (isMissing === this.#isMissing) return;
    this.#isMissing = isMissing;
    this.#tell();
  }

  #listen(folder: string): void {
    if (this.#watcher) return;
    this.#watcher = watch(folder, () => this.#scanIn(0));
    // The folder is gone: the next scan says so.
    this.#watcher.on('error', () => this.#scanIn(0));
  }

  /** @returns false where the file may still grow */
  async #look(path: string): Promise<boolean> {
    const stat = await fs.stat(path).catch(() => null);
    if (!stat?.isFile()) return true;
    const form = `${path}\0${stat.size}\0${stat.mtimeMs}`;
    if (this.#known.has(form)) return true;
    const seen = this.#seen.get(path);
    if (!seen || seen.size !== stat.size || seen.changedMs !== stat.mtimeMs) {
      this.#seen.set(path, { size: stat.size, changedMs: stat.mtimeMs, since: Date.now() });
      return false;
    }
    if (stat.size === 0 || Date.now() - seen.since < (this.#options.steadyMs ?? STEADY_MS)) return false;
    if (!(await this.#take(path))) return true;
    this.#known.add(form);
    this.#seen.delete(path);
    return true;
  }

  /** @returns false where it is to be tried again: no window is there to take it */
  async #take(path: string): Promise<boolean> {
    try {
      const digest = await digestOf(path);
      if (!this.#kept || this.#kept.taken.includes(digest)) return true;
      if (FOR_A_WINDOW.has(extname(path).toLowerCase())) {
        if (!(await this.#options.offer(path))) return false;
        await this.#remember(digest);
      } else {
        // Before it is heard: a file that ends the program is not tried at every start.
        await this.#remember(digest);
        await this.#options.hear(path);
      }
      this.#heard++;
    } catch (error) {
      this.#options.log(`A sound of the watched folder was left out: ${String(error)}`);
      this.#failed = [...this.#failed, basename(path)].slice(-100);
    }
    this.#tell();
    return true;
  }

  /** @param digest of a file that was taken, or tried in vain */
  async #remember(digest: string): Promise<void> {
    if (this.#kept) await this.#keep({ ...this.#kept, taken: [...this.#kept.taken, digest] });
  }

  async #keep(kept: Kept): Promise<void> {
    this.#kept = kept;
    await fs.mkdir(dirname(this.#options.stateFile), { recursive: true });
    const draft = `${this.#options.stateFile}.new`;
    await fs.writeFile(draft, JSON.stringify(kept), { mode: 0o600 });
    await fs.rename(draft, this.#options.stateFile);
  }

  #tell(): void {
    this.#options.onChanged(this.watched);
  }
}

/** Sounds in a folder and the folders inside it, by their paths. Links and hidden folders are not followed. @throws a system error */
async function soundsBelow(folder: string): Promise<string[]> {
  const found: string[] = [];
  const walk = async (place: string, depth: number): Promise<void> => {
    for (const entry of await fs.readdir(place, { withFileTypes: true })) {
      if (found.length >= MAX_FILES) return;
      const path = join(place, entry.name);
      const extension = extname(entry.name).toLowerCase();
      if (entry.isDirectory()) {
        // One that cannot be read keeps nobody from the rest.
        if (depth < MAX_DEPTH && !entry.name.startsWith('.')) await walk(path, depth + 1).catch(() => undefined);
      } else if (SOUNDS.has(extension) || FOR_A_WINDOW.has(extension)) found.push(path);
    }
  };
  await walk(folder, 0);
  return found.sort();
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}
