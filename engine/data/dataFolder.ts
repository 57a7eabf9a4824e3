// A data set's folder: dataset.json, manifest.tsv and perhaps clips/. It is whole or it is not there: everything is written
// into a folder beside it, which then takes its name.
import { promises as fs } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { datasetSchema, type Dataset } from '../../app/contract/dataset';
import { UnrollError } from '../../app/errors';
import { writeFileAtomic } from '../library/atomicFile';
import { isAlive } from '../runtime/processes';
import { checkFile } from './checkFile';
import { manifestText, type StoredRow } from './manifest';
import { readNamedJson } from './namedJson';

export const DATASET_FILE = 'dataset.json';
export const MANIFEST_FILE = 'manifest.tsv';
export const CLIPS_FOLDER = 'clips';
const OWN_FILES = [DATASET_FILE, MANIFEST_FILE, CLIPS_FOLDER];
/** Twenty thousand symbols and every reason with its examples take a hundredth of it. */
const MAX_DATASET_BYTES = 64 << 20;

/** @throws UnrollError file.missing, file.unreadable, file.tooLarge, config.invalid naming the field */
export async function readDataset(folder: string): Promise<Dataset> {
  const file = join(folder, DATASET_FILE);
  return checkFile(datasetSchema, await readNamedJson(file, MAX_DATASET_BYTES), file);
}

/** Whether a line of a manifest can hold it as it is. */
export const isWritable = (field: string): boolean => !/[\t\r\n]/.test(field) && field.trim() === field;

/** Most signs of a file's name that tell what is in it. */
const NAME_SIGNS = 100;
const fileNameOf = (text: string): string => text.replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '_').slice(-NAME_SIGNS);
/** @param number from 1, so that equal names do not meet */
export const numberedName = (number: number, name: string): string =>
  `${String(number).padStart(6, '0')}-${fileNameOf(name.replace(/^\d{6}-/, ''))}`;
/** The beginning of a text, as a part of a file's name on every system. */
export const wordsFileName = (text: string): string => fileNameOf(text.slice(0, 40)).replace(/^[._-]+/, '') || 'take';

/** A data set in the making. */
export class DataFolderDraft {
  /** Absolute: write here. */
  readonly path: string;
  readonly #target: string;

  private constructor(target: string) {
    this.#target = target;
    this.path = draftOf(target, process.pid);
  }

  /**
   * @param isReplacing whether a data set that is there may be replaced; of any other folder nothing is ever touched
   * @throws UnrollError dataset.folderTaken, dataset.folderIsSet, dataset.folderHasMore
   */
  static async begin(out: string, isReplacing: boolean): Promise<DataFolderDraft> {
    const target = resolve(out);
    await fs.mkdir(dirname(target), { recursive: true });
    await clearUp(target);
    await checkTarget(target, out, isReplacing);
    const draft = new DataFolderDraft(target);
    await fs.mkdir(draft.path);
    return draft;
  }

  /** A copy's path relative to the folder. @param number from 1, so that equal names do not meet */
  async addClip(number: number, name: string, bytes: Uint8Array): Promise<string> {
    const file = `${CLIPS_FOLDER}/${numberedName(number, name)}`;
    await fs.mkdir(join(this.path, CLIPS_FOLDER), { recursive: true });
    await fs.writeFile(join(this.path, file), bytes, { flag: 'wx' });
    return file;
  }

  /** Writes the lists and gives the folder its name. @param addFiles writes what else belongs into it, before it has its name */
  async finish(
    dataset: Dataset,
    rows: readonly StoredRow[],
    addFiles?: (folder: string) => Promise<void> | undefined,
  ): Promise<void> {
    await writeFileAtomic(join(this.path, MANIFEST_FILE), manifestText(rows));
    const checked = checkFile(datasetSchema, dataset, DATASET_FILE);
    await writeFileAtomic(join(this.path, DATASET_FILE), `${JSON.stringify(checked, null, 2)}\n`);
    await addFiles?.(this.path);
    const former = formerOf(this.#target, process.pid);
    if (await isThere(this.#target)) await fs.rename(this.#target, former);
    await fs.rename(this.path, this.#target);
    await fs.rm(former, { recursive: true, force: true });
  }

  /** Takes back what was written; nothing after `finish`. */
  async discard(): Promise<void> {
    await fs.rm(this.path, { recursive: true, force: true });
  }
}

/** Whether a path lies below a folder. */
export function isInside(inner: string, outer: string): boolean {
  const way = relative(resolve(outer), resolve(inner));
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** @throws UnrollError dataset.inside where writing the one would change the other */
export function checkApart(source: string, out: string): void {
  const isSame = resolve(source) === resolve(out);
  if (isSame || isInside(out, source) || isInside(source, out))
    throw new UnrollError('dataset.inside', { folder: out, file: source });
}

async function checkTarget(target: string, name: string, isReplacing: boolean): Promise<void> {
  if (!(await isThere(target))) return;
  const entries = (await fs.stat(target)).isDirectory() ? await fs.readdir(target) : null;
  if (entries?.length === 0) return;
  if (!entries?.includes(DATASET_FILE)) throw new UnrollError('dataset.folderTaken', { folder: name });
  await readDataset(target);
  if (!isReplacing) throw new UnrollError('dataset.folderIsSet', { folder: name });
  const stranger = entries.find((entry) => !OWN_FILES.includes(entry));
  if (stranger !== undefined) throw new UnrollError('dataset.folderHasMore', { folder: name, file: stranger });
}

const draftOf = (target: string, pid: number): string => join(dirname(target), `.${basename(target)}.${pid}.importing`);
const formerOf = (target: string, pid: number): string => join(dirname(target), `.${basename(target)}.${pid}.replaced`);

/** What imports that were killed left beside the target; a set that was about to be replaced is put back. */
async function clearUp(target: string): Promise<void> {
  const folder = dirname(target);
  for (const name of await fs.readdir(folder)) {
    if (draftParts(name)?.target === basename(target)) await clearDraft(folder, name);
  }
}

/** The same for every target in a folder. */
export async function clearDrafts(folder: string): Promise<void> {
  for (const name of await fs.readdir(folder)) await clearDraft(folder, name);
}

const draftParts = (name: string): { target: string; pid: number; kind: string } | null => {
  const [, target, pid, kind] = /^\.(.+)\.(\d+)\.(importing|replaced)$/.exec(name) ?? [];
  return target === undefined || kind === undefined ? null : { target, pid: Number(pid), kind };
};

async function clearDraft(folder: string, name: string): Promise<void> {
  const parts = draftParts(name);
  if (parts === null || isAlive(parts.pid)) return;
  const path = join(folder, name);
  const target = join(folder, parts.target);
  if (parts.kind === 'replaced' && !(await isThere(target))) await fs.rename(path, target);
  else await fs.rm(path, { recursive: true });
}

/** Whether anything has this path. */
export const isThere = (path: string): Promise<boolean> =>
  fs.lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );
