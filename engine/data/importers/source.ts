// What lies where a person points: a folder with all files under it, or one list.
import { promises as fs } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { UnrollError } from '../../../app/errors';

/** Names that sound goes by. More than can be decoded: what cannot is then named in the report. */
const AUDIO_ENDINGS = new Set(
  ['wav', 'wave', 'flac', 'mp3', 'ogg', 'oga', 'opus', 'm4a', 'aac', 'mp4', 'aif', 'aiff', 'sph', 'wma', 'amr'].map(
    (ending) => `.${ending}`,
  ),
);
/** More than the largest public corpora hold. */
const MAX_FILES = 5_000_000;
const HEAD_BYTES = 1 << 16;

export const isAudioName = (file: string): boolean => AUDIO_ENDINGS.has(extname(file).toLowerCase());

/** A file's name without its folder and its ending. */
export const stemOf = (file: string): string => basename(file, extname(file));
/** A path without its ending. */
export const withoutEnding = (file: string): string => file.slice(0, file.length - extname(file).length);

export class Source {
  /** Absolute: what a person named. */
  readonly path: string;
  /** Absolute: where `files` are relative to. */
  readonly root: string;
  /** Relative to `root`, parted by slashes, in the order of their code units; hidden ones are left out. */
  readonly files: readonly string[];
  /** A single list was named, and the other files beside it are only sound that it may name. */
  readonly isList: boolean;

  private constructor(path: string, root: string, files: readonly string[], isList: boolean) {
    this.path = path;
    this.root = root;
    this.files = files;
    this.isList = isList;
  }

  /** @throws UnrollError file.missing; file.unreadable where it or a folder in it cannot be listed; file.tooLarge */
  static async open(path: string): Promise<Source> {
    const absolute = resolve(path);
    try {
      const stats = await fs.stat(absolute);
      if (stats.isFile()) return new Source(absolute, dirname(absolute), [basename(absolute)], true);
      // A pipe can be read but once, and a device may never end.
      if (!stats.isDirectory()) throw new UnrollError('file.unreadable', { file: path });
      const files = await filesUnder(absolute);
      return new Source(absolute, absolute, files.sort(), false);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error) || error instanceof UnrollError) throw error;
      throw new UnrollError(error.code === 'ENOENT' ? 'file.missing' : 'file.unreadable', { file: path });
    }
  }

  /** A file relative to the source; an absolute path stays what it is. */
  absolute(file: string): string {
    return resolve(this.root, file);
  }

  /** Files directly in the folder. */
  get topFiles(): readonly string[] {
    return this.files.filter((file) => !file.includes('/'));
  }

  get audioFiles(): readonly string[] {
    return this.files.filter(isAudioName);
  }

  has(file: string): boolean {
    this.#set ??= new Set(this.files);
    return this.#set.has(file);
  }
  #set: Set<string> | null = null;

  /** Up to the first line end; what is not UTF-8 shows as U+FFFD. Only as far as a table's header may reach. */
  async firstLine(file: string): Promise<string> {
    const handle = await fs.open(this.absolute(file), 'r');
    try {
      const { bytesRead, buffer } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return new TextDecoder().decode(buffer.subarray(0, bytesRead)).split(/[\r\n]/, 1)[0] ?? '';
    } finally {
      await handle.close();
    }
  }
}

/** Links are followed, but no folder is entered twice. */
async function filesUnder(root: string): Promise<string[]> {
  const files: string[] = [];
  const entered = new Set<string>();
  const pending = [''];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const real = await fs.realpath(join(root, folder));
    if (entered.has(real)) continue;
    entered.add(real);
    for (const entry of await fs.readdir(real, { withFileTypes: true })) {
      if (entry.name.startsWith('.')) continue;
      const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const kind = entry.isSymbolicLink() ? await fs.stat(join(real, entry.name)).catch(() => entry) : entry;
      if (kind.isDirectory()) pending.push(file);
      // A link to nothing is listed: whoever reads it says that it is missing.
      else if (kind.isFile() || kind.isSymbolicLink()) files.push(file);
    }
    if (files.length > MAX_FILES) throw new UnrollError('file.tooLarge', { file: root, limit: `${MAX_FILES} files` });
  }
  return files;
}
