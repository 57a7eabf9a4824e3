// Files that grow while someone speaks. The person chooses them in the system's own dialog; windows know them by a name that was
// made here, and add to them.
import { randomBytes } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { basename } from 'node:path';
import type { ReplyOf, RequestOf } from '../app/contract/messages';
import { UnrollError } from '../app/errors';

/** Lets the person choose where a file is to be. @returns its path; null where they choose none */
export type ChooseFile = (suggestion: string, extension: string) => Promise<string | null>;

interface LiveFile {
  readonly name: string;
  readonly handle: fs.FileHandle;
  /** Of what was asked for before: texts stand in the order in which they came. */
  written: Promise<void>;
}

export class LiveFiles {
  readonly #choose: ChooseFile;
  readonly #files = new Map<string, LiveFile>();

  constructor(choose: ChooseFile) {
    this.#choose = choose;
  }

  /** @throws UnrollError liveFile.failed where the system lets no file be written there */
  async open({ name, format }: RequestOf<'liveFile.open'>): Promise<ReplyOf<'liveFile.open'>> {
    const path = await this.#choose(name, format);
    if (path === null) return { file: null };
    const chosen = basename(path);
    const handle = await attempt(chosen, () => fs.open(path, 'w'));
    const liveFileId = randomBytes(16).toString('hex');
    this.#files.set(liveFileId, { name: chosen, handle, written: Promise.resolve() });
    return { file: { liveFileId, name: chosen } };
  }

  /** @throws UnrollError liveFile.unknown, liveFile.failed */
  async append({ liveFileId, text }: RequestOf<'liveFile.append'>): Promise<ReplyOf<'liveFile.append'>> {
    const file = this.#files.get(liveFileId);
    if (!file) throw new UnrollError('liveFile.unknown');
    const writing = file.written.then(() => write(file, text));
    // One text that failed keeps none of the next from being tried.
    file.written = writing.catch(() => undefined);
    await writing;
    return {};
  }

  async close({ liveFileId }: RequestOf<'liveFile.close'>): Promise<ReplyOf<'liveFile.close'>> {
    const file = this.#files.get(liveFileId);
    this.#files.delete(liveFileId);
    await file?.written;
    await file?.handle.close();
    return {};
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#files.keys()].map((liveFileId) => this.close({ liveFileId })));
  }
}

const write = ({ name, handle }: LiveFile, text: string): Promise<void> =>
  attempt(name, async () => {
    await handle.appendFile(text, 'utf8');
    // Another program reads it meanwhile, and a power cut costs no sentence.
    await handle.datasync();
  });

async function attempt<R>(file: string, action: () => Promise<R>): Promise<R> {
  try {
    return await action();
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new UnrollError('liveFile.failed', { file, reason: code }, { cause: error });
  }
}
