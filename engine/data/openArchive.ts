// A data set out of one file. Nobody knows who made the file: names, sizes and contents are checked before anything is believed.
import { createWriteStream, promises as fs } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Transform, type Readable } from 'node:stream';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { MAX_FILE_BYTES } from '../../app/contract/messages';
import type { Dataset } from '../../app/contract/dataset';
import { UnrollError, type ErrorParams, type ReasonCode } from '../../app/errors';
import { crc32 } from '../library/checksum';
import { CLIPS_FOLDER, DATASET_FILE, DataFolderDraft, MANIFEST_FILE, readDataset } from './dataFolder';
import { parseListedRows, readListText, type StoredRow } from './manifest';
import { readNamedJson } from './namedJson';
import { ARCHIVE_FILE, archiveSchema, type ArchiveAbout, type ArchiveOptions } from './setArchive';

const MOST_ENTRIES = 1_000_000;
const MOST_LIST_BYTES = 256 << 20;
/** Sound is stored as it is, and lists get ten times smaller: an archive that promises more than this is a trap. */
const MOST_GROWTH = 100;
const LISTS: readonly string[] = [ARCHIVE_FILE, DATASET_FILE, MANIFEST_FILE];
const CLIP = new RegExp(`^${CLIPS_FOLDER}/[\\p{L}\\p{M}\\p{N}_][\\p{L}\\p{M}\\p{N}._-]{0,199}$`, 'u');
const SIGNATURE = Buffer.from('PK\u0003\u0004', 'latin1');

export interface OpenedArchive {
  readonly about: ArchiveAbout;
  readonly dataset: Dataset;
  readonly recordings: number;
}

export interface OpenArchiveOptions extends ArchiveOptions {
  /** Whether a data set that is there is replaced. */
  readonly isReplacing?: boolean;
  /** Writes what else belongs into the set's folder, before it is there. */
  readonly addFiles?: (folder: string, about: ArchiveAbout) => Promise<void>;
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

/**
 * Unpacks `file` into the new data set folder `out`; where anything is wrong with it, nothing is left.
 * @throws UnrollError dataset.archive with the reason, config.invalid and manifest.invalid of its lists; as DataFolderDraft.begin; the
 * signal's reason
 */
export async function openArchive(file: string, out: string, options: OpenArchiveOptions = {}): Promise<OpenedArchive> {
  const draft = await DataFolderDraft.begin(out, options.isReplacing ?? false);
  try {
    const clips = await unpack(file, draft.path, options);
    const about = archiveSchema.safeParse(await readNamedJson(join(draft.path, ARCHIVE_FILE), MOST_LIST_BYTES));
    if (!about.success) throw refused(file, 'reason.archive.version');
    const dataset = await readDataset(draft.path);
    const rows = await rowsOf(file, draft.path, clips);
    await fs.rm(join(draft.path, ARCHIVE_FILE));
    await draft.finish({ ...dataset, sound: 'copied' }, rows, (folder) => options.addFiles?.(folder, about.data));
    return { about: about.data, dataset, recordings: rows.length };
  } finally {
    await draft.discard();
  }
}

/** @returns the sounds that are there, by their paths in it */
async function unpack(file: string, folder: string, { signal, onProgress }: ArchiveOptions): Promise<Set<string>> {
  const zip = await open(file);
  try {
    const entries = await entriesOf(file, zip);
    for (const name of LISTS)
      if (!entries.some(({ fileName }) => fileName === name)) throw refused(file, 'reason.archive.list', { name });
    await fs.mkdir(join(folder, CLIPS_FOLDER));
    let done = 0;
    for (const entry of entries) {
      signal?.throwIfAborted();
      await unpackEntry(file, zip, entry, join(folder, entry.fileName));
      onProgress?.(++done, entries.length);
    }
    return new Set(entries.map(({ fileName }) => fileName).filter((name) => !LISTS.includes(name)));
  } finally {
    zip.close();
  }
}

async function open(file: string): Promise<ZipFile> {
  try {
    return await openPromise(file, { strictFileNames: true, validateEntrySizes: true, autoClose: false });
  } catch (error) {
    throw damaged(file, error);
  }
}

/** All of them, before one byte is unpacked. */
async function entriesOf(file: string, zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  const names = new Set<string>();
  let promised = 0;
  if (zip.entryCount > MOST_ENTRIES) throw refused(file, 'reason.archive.size');
  try {
    for await (const entry of zip.eachEntry()) {
      const { fileName: name, uncompressedSize } = entry;
      const key = name.normalize('NFC').toLowerCase();
      if (!LISTS.includes(name) && !CLIP.test(name)) throw refused(file, 'reason.archive.name', { name });
      if (names.has(key)) throw refused(file, 'reason.archive.twice', { name });
      if (entry.isEncrypted()) throw refused(file, 'reason.archive.damaged');
      promised += uncompressedSize;
      if (
        uncompressedSize > (LISTS.includes(name) ? MOST_LIST_BYTES : MAX_FILE_BYTES) ||
        entries.length >= MOST_ENTRIES
      )
        throw refused(file, 'reason.archive.size');
      names.add(key);
      entries.push(entry);
    }
  } catch (error) {
    throw error instanceof UnrollError ? error : damaged(file, error);
  }
  if (promised > MOST_GROWTH * (await fs.stat(file)).size) throw refused(file, 'reason.archive.size');
  return entries;
}

async function unpackEntry(file: string, zip: ZipFile, entry: Entry, path: string): Promise<void> {
  let sum = 0;
  const check = new Transform({
    transform: (piece: Buffer, _encoding, done) => {
      sum = crc32(piece, sum);
      done(null, piece);
    },
  });
  let source: Readable;
  try {
    source = await zip.openReadStreamPromise(entry);
  } catch (error) {
    throw damaged(file, error);
  }
  try {
    await pipeline(source, check, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? error : damaged(file, error);
  }
  if (sum !== entry.crc32) throw refused(file, 'reason.archive.damaged');
}

/** The rows of its list, of which each has a sound in it. */
async function rowsOf(file: string, folder: string, clips: ReadonlySet<string>): Promise<StoredRow[]> {
  const rows = parseListedRows(await readListText(join(folder, MANIFEST_FILE)), MANIFEST_FILE);
  return rows.map(({ stored, path: _path, manifest: _manifest, line: _line, part, ...row }) => {
    if (!clips.has(stored)) throw refused(file, 'reason.archive.clip', { name: stored });
    return { ...row, path: stored, part: part ?? 'train' };
  });
}

const refused = (file: string, reason: ReasonCode, params: ErrorParams = {}): UnrollError =>
  new UnrollError('dataset.archive', { file, reason, ...params });

/** What the library says of a zip file that is none; the disk's own errors stay what they are. */
function damaged(file: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if ('code' in error && error.code === 'ENOENT') return new UnrollError('file.missing', { file }, { cause: error });
  if ('syscall' in error) return error;
  return new UnrollError('dataset.archive', { file, reason: 'reason.archive.damaged' }, { cause: error });
}
