// Features on disk, under a name made of everything they depend on: a wrong entry cannot be found, a stale one is never read.
//
// One file per entry: "UNRF" · u32 version · u32 number of arrays · u32 length of each · the arrays, float32, little-endian ·
// SHA-256 of all before it. An entry that is damaged counts as missing.
import { createHash } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../library/atomicFile';
import { isMissing } from '../library/recordingFiles';

const MAGIC = Buffer.from('UNRF', 'latin1');
/** To be raised whenever the same settings come to give other features. */
const VERSION = 1;
const ENTRY = '.features';
/** About 100 hours of speech in four copies, by the front end that a new run begins with. */
export const MAX_CACHE_BYTES = 4 * 2 ** 30;
/** Nobody takes longer to write an entry. */
const LEFT_BEHIND_MS = 3_600_000;
const DIGEST_BYTES = 32;
const HEADER_WORDS = 3;
const UNTOUCHABLE: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY']);

export class FeatureCache {
  readonly #folder: string;
  #isFolderThere = false;

  /** @param folder is made when the first entry is written */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Whether something is kept under `dependencies`; it may prove damaged when it is read. */
  async has(dependencies: readonly unknown[]): Promise<boolean> {
    return fs.access(this.#pathOf(dependencies)).then(
      () => true,
      () => false, // not there, or not to be read: it is then computed
    );
  }

  /** Bytes of what is kept under `dependencies`; null where nothing is. It may prove damaged when it is read. */
  async sizeOf(dependencies: readonly unknown[]): Promise<number | null> {
    return fs.stat(this.#pathOf(dependencies)).then(
      ({ size }) => size,
      () => null, // as in `has`
    );
  }

  /**
   * The arrays kept under `dependencies`, or those that `compute` makes, which are then kept.
   * @param dependencies the bytes of the recording, settings as plain JSON values, and whatever else the arrays depend on
   */
  async getOrCompute(
    dependencies: readonly unknown[],
    compute: () => Float32Array[] | Promise<Float32Array[]>,
  ): Promise<Float32Array[]> {
    const path = this.#pathOf(dependencies);
    const kept = await readEntry(path);
    if (kept) {
      await touch(path);
      return kept;
    }
    const arrays = await compute();
    if (!this.#isFolderThere) await fs.mkdir(this.#folder, { recursive: true });
    this.#isFolderThere = true;
    await writeFileAtomic(path, encodeEntry(arrays));
    return arrays;
  }

  /**
   * Takes away what was not used for longest until no more than `mostBytes` are left, and what killed writers left behind. Whoever is
   * reading meanwhile has either the whole entry or none, and then makes it anew.
   * @returns bytes that are left
   */
  async prune(mostBytes: number = MAX_CACHE_BYTES): Promise<number> {
    const names = await fs.readdir(this.#folder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    const entries: { readonly path: string; readonly size: number; readonly usedAt: number }[] = [];
    for (const name of names) {
      const path = join(this.#folder, name);
      const found = await fs.stat(path).catch((error: unknown) => {
        if (isMissing(error)) return null;
        throw error;
      });
      if (found === null) continue;
      if (name.endsWith(ENTRY)) entries.push({ path, size: found.size, usedAt: found.mtimeMs });
      else if (name.startsWith('.') && Date.now() - found.mtimeMs > LEFT_BEHIND_MS)
        await fs.rm(path, { recursive: true, force: true });
    }
    let bytes = entries.reduce((sum, { size }) => sum + size, 0);
    for (const { path, size } of entries.sort((a, b) => a.usedAt - b.usedAt)) {
      if (bytes <= mostBytes) break;
      if (await isRemoved(path)) bytes -= size;
    }
    return bytes;
  }

  #pathOf(dependencies: readonly unknown[]): string {
    return join(this.#folder, `${keyOf(dependencies)}${ENTRY}`);
  }
}

/** It was used now. */
async function touch(path: string): Promise<void> {
  const now = new Date();
  await fs.utimes(path, now, now).catch((error: unknown) => {
    // Taken away meanwhile, or on a disk that cannot be written: it was read all the same.
    if (!isMissing(error) && !UNTOUCHABLE.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  });
}

/** False where somebody has it open and the system does not let go of it then. */
async function isRemoved(path: string): Promise<boolean> {
  try {
    await fs.rm(path, { force: true });
    return true;
  } catch (error) {
    if (UNTOUCHABLE.has((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

function keyOf(dependencies: readonly unknown[]): string {
  const hash = createHash('sha256').update(`${VERSION}`);
  for (const part of dependencies) {
    const bytes = part instanceof Uint8Array ? part : Buffer.from(JSON.stringify(part) ?? '');
    hash.update(`\n${part instanceof Uint8Array ? 'bytes' : 'json'} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}

function encodeEntry(arrays: readonly Float32Array[]): Uint8Array {
  const header = Buffer.alloc((HEADER_WORDS + arrays.length) * 4);
  MAGIC.copy(header);
  [VERSION, arrays.length, ...arrays.map((array) => array.length)].forEach((word, index) =>
    header.writeUInt32LE(word, (index + 1) * 4),
  );
  const bodies = arrays.map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength));
  const content = Buffer.concat([header, ...bodies]);
  return Buffer.concat([content, digestOf(content)]);
}

async function readEntry(path: string): Promise<Float32Array[] | null> {
  let entry: Buffer;
  try {
    entry = await fs.readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const end = entry.length - DIGEST_BYTES;
  if (end < HEADER_WORDS * 4 || !entry.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  if (!digestOf(entry.subarray(0, end)).equals(entry.subarray(end))) return null;
  const count = entry.readUInt32LE(8);
  let at = (HEADER_WORDS + count) * 4;
  return Array.from({ length: count }, (_, index) => {
    const bytes = entry.readUInt32LE((HEADER_WORDS + index) * 4) * 4;
    return new Float32Array(new Uint8Array(entry.subarray(at, (at += bytes))).buffer);
  });
}

const digestOf = (content: Uint8Array): Buffer => createHash('sha256').update(content).digest();
