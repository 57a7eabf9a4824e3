// A data set of the person's data folder on disk: what `unroll data import` makes, and set.json with what the window tells of it.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { dataOriginSchema } from '../../app/contract/dataSets';
import { datasetSchema, type Dataset } from '../../app/contract/dataset';
import { identifier, instant } from '../../app/contract/schema';
import { UnrollError } from '../../app/errors';
import { writeFileAtomic } from '../library/atomicFile';
import { isMissing } from '../library/recordingFiles';
import { checkFile } from './checkFile';
import { DATASET_FILE, MANIFEST_FILE, readDataset } from './dataFolder';
import {
  manifestText,
  parseListedRows,
  readListText,
  readManifest,
  type ListedRow,
  type ManifestRow,
} from './manifest';
import { readNamedJson } from './namedJson';

export const SET_FILE = 'set.json';
/** Of a set whose own files do not say that it is in the trash, since they cannot be used. */
const TRASH_FILE = 'trash.json';
/** A change of two files that is under way. */
const CHANGE_FILE = 'change.json';
const MAX_SET_BYTES = 1 << 20;
const MAX_CHANGE_BYTES = 512 << 20;

export const setFileSchema = z.strictObject({
  format: z.literal('unroll-set'),
  version: z.literal(1),
  title: z.string().min(1).max(200),
  createdAt: instant,
  origin: dataOriginSchema,
  /** In the trash since; null where it is not. */
  deletedAt: instant.nullable(),
});
export type SetFile = z.infer<typeof setFileSchema>;
const trashSchema = z.strictObject({ format: z.literal('unroll-trash'), version: z.literal(1), deletedAt: instant });
const changeSchema = z.strictObject({ manifest: z.string(), dataset: datasetSchema });

/** A row as it is kept and changed. */
export type SetRow = Omit<ListedRow, 'manifest' | 'line' | 'part'> & { readonly part: NonNullable<ListedRow['part']> };
export interface SetContent {
  readonly dataset: Dataset;
  readonly rows: readonly SetRow[];
}

/** @throws UnrollError file.missing, config.invalid naming the field */
export async function readSetFile(folder: string): Promise<SetFile> {
  const file = join(folder, SET_FILE);
  return checkFile(setFileSchema, await readNamedJson(file, MAX_SET_BYTES), file);
}
export const writeSetFile = (folder: string, set: SetFile): Promise<void> =>
  writeFileAtomic(join(folder, SET_FILE), jsonText(setFileSchema.parse(set)));

/**
 * What a list of sets tells of one without opening it.
 * @returns a null title where it has none that can be read, as what the command line made
 */
export async function readSetTitle(folder: string): Promise<{ title: string | null; isTrashed: boolean }> {
  const isMarked = (await markedTrashed(folder)) !== null;
  try {
    const { title, deletedAt } = await readSetFile(folder);
    return { title, isTrashed: isMarked || deletedAt !== null };
  } catch (error) {
    if (error instanceof UnrollError) return { title: null, isTrashed: isMarked };
    throw error;
  }
}

/** Puts a set into the trash whose own files cannot be used; with null takes it out again. */
export async function markTrashed(folder: string, deletedAt: string | null): Promise<void> {
  const file = join(folder, TRASH_FILE);
  if (deletedAt === null) return fs.rm(file, { force: true });
  await writeFileAtomic(file, jsonText({ format: 'unroll-trash', version: 1, deletedAt }));
}

/** Since when a set is in the trash by `markTrashed`; null where it is not. */
export async function markedTrashed(folder: string): Promise<string | null> {
  try {
    return trashSchema.parse(JSON.parse(await fs.readFile(join(folder, TRASH_FILE), 'utf8'))).deletedAt;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}

/** Where a set lies. @param root the data folder's `sets` */
export const setFolder = (root: string, setId: string): string => join(root, identifier.parse(setId));

/**
 * The rows of a set that may be trained on, with their parts; those that the person left out are not among them.
 * @param root the data folder's `sets`
 * @throws UnrollError dataset.missing; manifest.invalid where nothing is in it or a line is wrong
 */
export async function trainableRows(root: string, setId: string): Promise<ManifestRow[]> {
  const folder = setFolder(root, setId);
  const about = await readSetFile(folder).catch((error: unknown) => {
    throw error instanceof UnrollError && error.code === 'file.missing' ? setMissing(setId) : error;
  });
  if (about.deletedAt !== null) throw setMissing(setId);
  return readManifest(join(folder, MANIFEST_FILE));
}

export const setMissing = (setId: string): UnrollError => new UnrollError('dataset.missing', { set: setId });

/** Both lists; a change that was cut short is first brought to its end. @throws UnrollError as readDataset and readManifest */
export async function readSetContent(folder: string): Promise<SetContent> {
  await finishChange(folder);
  const file = join(folder, MANIFEST_FILE);
  const rows = parseListedRows(await readListText(file), file);
  return {
    dataset: await readDataset(folder),
    rows: rows.map(({ manifest: _manifest, line: _line, part, ...row }) => ({ ...row, part: part ?? 'train' })),
  };
}

/** Writes what differs from `before`; whatever happens on the way, both lists are those of before or both are new. */
export async function writeSetContent(folder: string, content: SetContent, before: SetContent | null): Promise<void> {
  const dataset = checkFile(datasetSchema, content.dataset, DATASET_FILE);
  const manifest = manifestText(content.rows.map(({ stored, ...row }) => ({ ...row, path: stored })));
  if (before !== null && JSON.stringify(before.dataset) === JSON.stringify(dataset))
    return writeFileAtomic(join(folder, MANIFEST_FILE), manifest);
  await writeFileAtomic(join(folder, CHANGE_FILE), JSON.stringify({ manifest, dataset }));
  await finishChange(folder);
}

async function finishChange(folder: string): Promise<void> {
  const file = join(folder, CHANGE_FILE);
  try {
    await fs.access(file);
  } catch (error) {
    if (isMissing(error)) return;
    throw error;
  }
  const { manifest, dataset } = checkFile(changeSchema, await readNamedJson(file, MAX_CHANGE_BYTES), file);
  await writeFileAtomic(join(folder, MANIFEST_FILE), manifest);
  await writeFileAtomic(join(folder, DATASET_FILE), jsonText(dataset));
  await fs.rm(file);
}

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
