// Features on disk, under a name made of everything they depend on: a wrong entry cannot be found, a stale one is never read.
//
// One file per entry: "UNRF" · u32 version · u32 number of arrays · u32 length of each · the arrays, float32, little-endian ·
// SHA-256 of all before it. An entry that is damaged counts as missing.
import { createHash } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../library/atomicFile';

const MAGIC = Buffer.from('UNRF', 'latin1');
/** To be raised whenever the same settings come to give other features. */
const VERSION = 1;
const DIGEST_BYTES = 32;
const HEADER_WORDS = 3;

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
    if (kept) return kept;
    const arrays = await compute();
    if (!this.#isFolderThere) await fs.mkdir(this.#folder, { recursive: true });
    this.#isFolderThere = true;
    await writeFileAtomic(path, encodeEntry(arrays));
    return arrays;
  }

  #pathOf(dependencies: readonly unknown[]): string {
    return join(this.#folder, `${keyOf(dependencies)}.features`);
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
