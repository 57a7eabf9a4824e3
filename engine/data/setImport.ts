// An import into the data folder: the importers of the command line, with what the window tells of a set beside.
import { dirname, resolve } from 'node:path';
import type { DataOrigin, DataSet } from '../../app/contract/dataSets';
import type { ImportFormat, ImportReport } from '../../app/contract/dataset';
import { UnrollError } from '../../app/errors';
import { newId } from '../library/recordingFiles';
import type { DataSets } from './dataSets';
import { isThere } from './dataFolder';
import { importData, namedFrom, type ImportOptions } from './importing';
import type { KnownSounds } from './knownSounds';
import { openArchive } from './openArchive';
import { writeSetFile } from './setFiles';
import { SoundFactsCache } from './soundFacts';

/** For the choice of the parts; a person may choose anew. */
const USUAL_SEED = 1;

export interface SetImport {
  /** Folder or list, of which nothing is told but places in it. */
  readonly source: string;
  readonly title: string;
  readonly origin: DataOrigin;
  /** Null: told by itself. */
  readonly format: ImportFormat | null;
  /** Recordings that are left out since they are in another set; if left out, none. */
  readonly known?: KnownSounds | null;
  readonly id?: string;
  readonly seed?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, of: number) => void;
}

/** Copies all sound. No set where not one recording could be taken. @throws UnrollError as importData */
export async function importSet(
  sets: DataSets,
  { source, title, origin, id = newId(), seed = USUAL_SEED, ...options }: SetImport,
): Promise<{ set: DataSet | null; report: ImportReport }> {
  let sounds: SoundFactsCache | null = null;
  const report = await importOf(source, sets.folderOf(id), {
    ...options,
    isCopying: true,
    isReplacing: false,
    seed,
    stage: { name: title },
    onTaken: async ({ stored, bytes, pcm }, folder) => {
      sounds ??= await SoundFactsCache.open(folder);
      await sounds.remember(stored, bytes, pcm);
    },
    addFiles: async (folder, rows) => {
      await sounds?.save(rows.map(({ path }) => path));
      await writeSetFile(folder, sets.about(title, origin));
    },
  });
  const set = report.taken.recordings === 0 ? null : await sets.added(id);
  return { set, report: { ...report, folder: id } };
}

/**
 * Opens a set that was saved as one file, whole, under a name of its own here.
 * @throws UnrollError as openArchive, which names the file without its folder
 */
export async function openSavedSet(
  sets: DataSets,
  file: string,
  { title, ...options }: Pick<SetImport, 'title' | 'signal' | 'onProgress'>,
): Promise<DataSet> {
  const id = newId();
  try {
    await openArchive(file, sets.folderOf(id), {
      ...options,
      addFiles: (folder, { origin }) => writeSetFile(folder, sets.about(title, origin)),
    });
  } catch (error) {
    if (!(error instanceof UnrollError)) throw error;
    const params = namedFrom(dirname(file), namedFrom(sets.folderOf(id), error.params, title), title);
    throw new UnrollError(error.code, params, { cause: error });
  }
  return sets.added(id);
}

export const SAMPLE_ID = 'sample';
/** Learns from one speaker's words, watches over them by another's; a third is for the test. */
const SAMPLE_SEED = 2;

/**
 * The sample set: made where it is not there, taken out of the trash where it is there.
 * @param source the folder with its recordings
 * @throws UnrollError dataset.noSample where none comes with this product
 */
export async function openSampleSet(sets: DataSets, source: string): Promise<DataSet> {
  if (await sets.has(SAMPLE_ID)) return sets.restore(SAMPLE_ID);
  if (!(await isThere(source))) throw new UnrollError('dataset.noSample');
  const wanted = {
    source,
    title: 'Sample',
    origin: 'sample',
    format: 'manifest',
    id: SAMPLE_ID,
    seed: SAMPLE_SEED,
  } as const;
  const { set } = await importSet(sets, wanted);
  if (set === null) throw new UnrollError('dataset.noSample');
  return set;
}

/** An error names files as the report does. */
async function importOf(
  source: string,
  out: string,
  options: ImportOptions & { stage: { name: string } },
): Promise<ImportReport> {
  try {
    return await importData(source, out, options);
  } catch (error) {
    if (!(error instanceof UnrollError)) throw error;
    throw new UnrollError(error.code, namedFrom(resolve(source), error.params, options.stage.name), { cause: error });
  }
}
