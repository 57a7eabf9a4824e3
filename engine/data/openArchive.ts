// A data set out of one file. Nobody knows who made the file: names, sizes and contents are checked before anything is believed.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { MAX_FILE_BYTES } from '../../app/contract/messages';
import type { Dataset } from '../../app/contract/dataset';
import { UnrollError, type ErrorParams, type ReasonCode } from '../../app/errors';
import { CLIPS_FOLDER, DATASET_FILE, DataFolderDraft, MANIFEST_FILE, readDataset } from './dataFolder';
import { parseListedRows, readListText, type StoredRow } from './manifest';
import { readNamedJson } from './namedJson';
import { ARCHIVE_FILE, archiveSchema, type ArchiveAbout, type ArchiveOptions } from './setArchive';
import { ZipEntries } from './zipEntries';

const MOST_LIST_BYTES = 256 << 20;
const LISTS: readonly string[] = [ARCHIVE_FILE, DATASET_FILE, MANIFEST_FILE];
const CLIP = new RegExp(`^${CLIPS_FOLDER}/[\\p{L}\\p{M}\\p{N}_][\\p{L}\\p{M}\\p{N}._-]{0,199}$`, 'u');

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
  const zip = await ZipEntries.open(file, { mostBytes, refused: (reason, params) => refused(file, reason, params) });
  try {
    for (const name of LISTS) if (!zip.names.includes(name)) throw refused(file, 'reason.archive.list', { name });
    await fs.mkdir(join(folder, CLIPS_FOLDER));
    let done = 0;
    for (const name of zip.names) {
      signal?.throwIfAborted();
      await zip.unpack(name, join(folder, name));
      onProgress?.(++done, zip.names.length);
    }
    return new Set(zip.names.filter((name) => !LISTS.includes(name)));
  } finally {
    zip.close();
  }
}

function mostBytes(name: string): number | null {
  if (LISTS.includes(name)) return MOST_LIST_BYTES;
  return CLIP.test(name) ? MAX_FILE_BYTES : null;
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
