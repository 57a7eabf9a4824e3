// A zip file that somebody else made: names, kinds and sizes are checked before one byte is unpacked.
import { createWriteStream, promises as fs } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Transform, type Readable } from 'node:stream';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { UnrollError, type ErrorParams, type ReasonCode } from '../../app/errors';
import { crc32 } from '../library/checksum';

const MOST_ENTRIES = 1_000_000;
/** Sound and weights are stored as they are, and lists get ten times smaller: an archive that promises more than this is a trap. */
const MOST_GROWTH = 100;
const SIGNATURE = Buffer.from('PK\u0003\u0004', 'latin1');
const SYSTEM_UNIX = 3;
const FILE_KIND = 0o170_000;
const LINK = 0o120_000;
/** As the library says that a name leads out of the folder that it is unpacked into. */
const LEADING_OUT = /^(?:invalid relative path|absolute path|invalid characters in fileName): (.*)$/s;

export interface ZipRules {
  /** Of an entry the bytes that it may unpack to; `passed`: it stays where it is; null: it makes the archive another thing. */
  readonly mostBytes: (name: string) => number | 'passed' | null;
  /** The error of this kind of archive. */
  readonly refused: (reason: ReasonCode, params?: ErrorParams) => UnrollError;
}

/** Whether a file begins as an archive does. @throws a system error where it cannot be read */
export async function isArchive(path: string): Promise<boolean> {
  if (!(await fs.stat(path)).isFile()) return false;
  const handle = await fs.open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SIGNATURE.length), 0, SIGNATURE.length, 0);
    return bytesRead === SIGNATURE.length && buffer.equals(SIGNATURE);
  } finally {
    await handle.close();
  }
}

export class ZipEntries {
  /** Those that may be unpacked, in the archive's order. */
  readonly names: readonly string[];
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #rules: ZipRules;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>, rules: ZipRules) {
    this.#zip = zip;
    this.#entries = entries;
    this.#rules = rules;
    this.names = [...entries.keys()];
  }

  /** To be closed. @throws UnrollError of the rules; file.missing; a system error where it cannot be read */
  static async open(file: string, rules: ZipRules): Promise<ZipEntries> {
    const zip = await openPromise(file, { strictFileNames: true, validateEntrySizes: true, autoClose: false }).catch(
      (error: unknown) => {
        throw damaged(rules, error, file);
      },
    );
    try {
      return new ZipEntries(zip, await entriesOf(zip, rules, (await fs.stat(file)).size), rules);
    } catch (error) {
      zip.close();
      throw error;
    }
  }

  /** Writes an entry as the file `path`, which must not be there yet. @throws as open; where it failed half of it may be there */
  async unpack(name: string, path: string): Promise<void> {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new Error(`Expected an entry called ${name}`);
    let sum = 0;
    const check = new Transform({
      transform: (piece: Buffer, _encoding, done) => {
        sum = crc32(piece, sum);
        done(null, piece);
      },
    });
    let source: Readable;
    try {
      source = await this.#zip.openReadStreamPromise(entry);
    } catch (error) {
      throw damaged(this.#rules, error);
    }
    try {
      await pipeline(source, check, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
    } catch (error) {
      throw damaged(this.#rules, error);
    }
    if (sum !== entry.crc32) throw this.#rules.refused('reason.archive.damaged');
  }

  close(): void {
    this.#zip.close();
  }
}

async function entriesOf(zip: ZipFile, rules: ZipRules, fileBytes: number): Promise<Map<string, Entry>> {
  const { mostBytes, refused } = rules;
  const entries = new Map<string, Entry>();
  const names = new Set<string>();
  let [promised, seen] = [0, 0];
  if (zip.entryCount > MOST_ENTRIES) throw refused('reason.archive.size');
  try {
    for await (const entry of zip.eachEntry()) {
      const { fileName: name, uncompressedSize } = entry;
      const most = mostBytes(name);
      const key = name.normalize('NFC').toLowerCase();
      if (++seen > MOST_ENTRIES) throw refused('reason.archive.size');
      if (isLink(entry)) throw refused('reason.archive.link', { name });
      if (most === null) throw refused('reason.archive.name', { name });
      if (most === 'passed') continue;
      if (names.has(key)) throw refused('reason.archive.twice', { name });
      if (entry.isEncrypted()) throw refused('reason.archive.damaged');
      if (uncompressedSize > most) throw refused('reason.archive.size');
      promised += uncompressedSize;
      names.add(key);
      entries.set(name, entry);
    }
  } catch (error) {
    throw damaged(rules, error);
  }
  if (promised > MOST_GROWTH * fileBytes) throw refused('reason.archive.size');
  return entries;
}

const isLink = ({ versionMadeBy, externalFileAttributes }: Entry): boolean =>
  versionMadeBy >>> 8 === SYSTEM_UNIX && ((externalFileAttributes >>> 16) & FILE_KIND) === LINK;

/** What the library says of a zip file that is none; the disk's own errors stay what they are. */
function damaged({ refused }: ZipRules, error: unknown, file?: string): unknown {
  if (!(error instanceof Error) || error instanceof UnrollError) return error;
  if (file !== undefined && 'code' in error && error.code === 'ENOENT')
    return new UnrollError('file.missing', { file }, { cause: error });
  if ('syscall' in error) return error;
  const name = LEADING_OUT.exec(error.message)?.[1];
  return name === undefined ? refused('reason.archive.damaged') : refused('reason.archive.name', { name });
}
