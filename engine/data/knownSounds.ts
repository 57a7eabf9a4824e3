// Recordings that are in data sets already, told by their bytes: by size first, so that only those are read that may be the same.
import { createHash } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { MAX_FILE_BYTES } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import { MANIFEST_FILE } from './dataFolder';
import { parseListedRows, readListText, type ListedRow } from './manifest';
import { readNamedFile } from './namedFile';
import { readSetTitle } from './setFiles';

/** Where a recording is already. */
export interface KnownRow {
  /** The set's title. */
  readonly set: string;
  /** From 1, in the set's list. */
  readonly row: number;
  /** Of its file. */
  readonly name: string;
}
interface Candidate extends KnownRow {
  readonly path: string;
}

/** Files whose sizes are asked for at a time. */
const AT_ONCE = 64;

export class KnownSounds {
  readonly #bySize: ReadonlyMap<number, readonly Candidate[]>;
  /** By size, then by digest, for those sizes that have been looked for. */
  readonly #digests = new Map<number, ReadonlyMap<string, KnownRow>>();

  private constructor(bySize: ReadonlyMap<number, readonly Candidate[]>) {
    this.#bySize = bySize;
  }

  /**
   * Of all data sets in a folder but those in the trash, or of the one that it is. What is no data set, or cannot be read, holds
   * no known recording.
   * @param except the folder's name of a set that does not count
   * @throws UnrollError file.missing, file.unreadable where `root` is no folder
   */
  static async open(root: string, except: string | null = null): Promise<KnownSounds> {
    const bySize = new Map<number, Candidate[]>();
    for (const name of await setNamesIn(root)) {
      if (name === except) continue;
      for (const [size, candidate] of await rowsOf(join(root, name))) {
        const list = bySize.get(size);
        if (list === undefined) bySize.set(size, [candidate]);
        else list.push(candidate);
      }
    }
    return new KnownSounds(bySize);
  }

  /** The first row with the same bytes; null where there is none. */
  async find(bytes: Uint8Array, signal?: AbortSignal): Promise<KnownRow | null> {
    const candidates = this.#bySize.get(bytes.length);
    if (candidates === undefined) return null;
    const known = this.#digests.get(bytes.length) ?? (await digestsOf(candidates, signal));
    this.#digests.set(bytes.length, known);
    return known.get(digestOf(bytes)) ?? null;
  }
}

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Of what is under way the names begin with a dot. */
async function setNamesIn(root: string): Promise<string[]> {
  try {
    const names = await fs.readdir(root);
    return names.includes(MANIFEST_FILE) ? ['.'] : names.filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new UnrollError(isMissing ? 'file.missing' : 'file.unreadable', { file: root }, { cause: error });
  }
}

/** Its rows whose sound is there, each with its size in bytes. */
async function rowsOf(folder: string): Promise<[number, Candidate][]> {
  const { title, isTrashed } = await readSetTitle(folder);
  const rows = isTrashed ? [] : await listedRows(join(folder, MANIFEST_FILE));
  const set = title ?? basename(resolve(folder));
  const found: [number, Candidate][] = [];
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    const page = rows.slice(start, start + AT_ONCE);
    const sizes = await Promise.all(page.map(({ path }) => sizeOf(path)));
    for (const [at, size] of sizes.entries()) {
      const { path } = page[at] as ListedRow;
      if (size !== null) found.push([size, { set, row: start + at + 1, name: basename(path), path }]);
    }
  }
  return found;
}

async function listedRows(file: string): Promise<ListedRow[]> {
  try {
    return parseListedRows(await readListText(file), file);
  } catch (error) {
    if (error instanceof UnrollError) return []; // the list of the sets says what is wrong with it
    throw error;
  }
}

const sizeOf = (path: string): Promise<number | null> =>
  fs.stat(path).then(
    (stats) => (stats.isFile() ? stats.size : null),
    () => null, // gone, or out of reach: the set's own view says so
  );

async function digestsOf(candidates: readonly Candidate[], signal?: AbortSignal): Promise<Map<string, KnownRow>> {
  const known = new Map<string, KnownRow>();
  for (const { path, ...row } of candidates) {
    signal?.throwIfAborted();
    const digest = await fileDigest(path);
    if (digest !== null && !known.has(digest)) known.set(digest, row);
  }
  return known;
}

async function fileDigest(path: string): Promise<string | null> {
  try {
    return digestOf(await readNamedFile(path, MAX_FILE_BYTES));
  } catch (error) {
    if (error instanceof UnrollError) return null; // gone since it was listed
    throw error;
  }
}
