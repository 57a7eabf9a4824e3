// A data set as one file: a zip archive of its lists and all its sounds, which any program can look into.
//
// unroll-set.json says what it is; manifest.tsv and dataset.json are those of the set's folder, with every sound in clips/.
import { createReadStream, createWriteStream, promises as fs } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { randomBytes } from 'node:crypto';
import { ZipFile } from 'yazl';
import { z } from 'zod';
import { dataOriginSchema } from '../../app/contract/dataSets';
import { instant } from '../../app/contract/schema';
import { UnrollError } from '../../app/errors';
import { CLIPS_FOLDER, DATASET_FILE, isThere, MANIFEST_FILE, numberedName } from './dataFolder';
import { manifestText } from './manifest';
import { readSetContent, readSetFile, SET_FILE, type SetContent } from './setFiles';

export const ARCHIVE_FILE = 'unroll-set.json';
export const ARCHIVE_SUFFIX = '.unroll-set.zip';

export const archiveSchema = z.strictObject({
  format: z.literal('unroll-set-archive'),
  version: z.literal(1),
  /** Null where the set has no name of its own, as one that was made from a terminal. */
  title: z.string().min(1).max(200).nullable(),
  createdAt: instant.nullable(),
  origin: dataOriginSchema,
});
export type ArchiveAbout = z.infer<typeof archiveSchema>;

export interface ArchiveOptions {
  readonly signal?: AbortSignal;
  /** Sounds that are in it. */
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Saves the set in `folder` as the file `out`, which must not be there yet. Sounds that lie elsewhere come into it too.
 * @returns bytes written
 * @throws UnrollError as readSetContent; dataset.fileTaken; file.missing where a sound is not there; the signal's reason, and nothing
 * is left then
 */
export async function exportSet(folder: string, out: string, options: ArchiveOptions = {}): Promise<number> {
  if (await isThere(out)) throw new UnrollError('dataset.fileTaken', { file: out });
  return writeSet(await readWholeSet(folder), out, options);
}

/** What an archive is made of, as it is now; the sounds are read later. */
export interface WholeSet extends SetContent {
  readonly about: ArchiveAbout;
}

/** @throws UnrollError as readSetContent */
export const readWholeSet = async (folder: string): Promise<WholeSet> => ({
  ...(await readSetContent(folder)),
  about: await aboutOf(folder),
});

/** As exportSet, of a set whose lists were read before. */
export async function writeSet(
  { about, dataset, rows }: WholeSet,
  out: string,
  options: ArchiveOptions,
): Promise<number> {
  const names = clipNames(rows);
  const texts = new Map([
    [ARCHIVE_FILE, jsonText(about)],
    [DATASET_FILE, jsonText({ ...dataset, sound: 'copied' })],
    [
      MANIFEST_FILE,
      manifestText(rows.map(({ stored: _stored, path, ...row }) => ({ ...row, path: names.get(path)! }))),
    ],
  ]);
  for (const path of names.keys()) if (!(await isThere(path))) throw new UnrollError('file.missing', { file: path });
  const temporary = join(dirname(out), `.${basename(out)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeArchive(temporary, texts, names, options);
    await fs.rename(temporary, out);
    return (await fs.stat(out)).size;
  } finally {
    await fs.rm(temporary, { force: true });
  }
}

/** One sound after the other, so that no more than a piece of one is in memory. Sound is stored as it is: it hardly gets smaller. */
async function writeArchive(
  path: string,
  texts: ReadonlyMap<string, string>,
  sounds: ReadonlyMap<string, string>,
  { signal, onProgress }: ArchiveOptions,
): Promise<void> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const give = (): void => stop.abort(signal?.reason);
  signal?.addEventListener('abort', give);
  const zip = new ZipFile();
  zip.on('error', (error: unknown) => stop.abort(error));
  for (const [name, text] of texts) zip.addBuffer(Buffer.from(text), name, { compress: true });
  let done = 0;
  for (const [sound, name] of sounds)
    zip.addReadStreamLazy(name, { compress: false }, (give) => {
      onProgress?.(++done, sounds.size);
      give(null, createReadStream(sound));
    });
  zip.end();
  try {
    await pipeline(zip.outputStream, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal: stop.signal });
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', give);
  }
}

/** Of every sound its name in the archive: several rows may have one. */
function clipNames(rows: readonly { readonly path: string }[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { path } of rows)
    if (!names.has(path)) names.set(path, `${CLIPS_FOLDER}/${numberedName(names.size + 1, basename(path))}`);
  return names;
}

/** A set that was made from a terminal has no name of its own. */
async function aboutOf(folder: string): Promise<ArchiveAbout> {
  const told = { format: 'unroll-set-archive', version: 1 } as const;
  if (!(await isThere(join(folder, SET_FILE)))) return { ...told, title: null, createdAt: null, origin: 'imported' };
  const { title, createdAt, origin } = await readSetFile(folder);
  return { ...told, title, createdAt, origin };
}

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
