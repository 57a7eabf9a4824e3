// What a run learns from: the rows of its data set as they were when it began, so that what is changed in the set later changes no
// run. The sounds stay where they are.
import { join, relative, sep } from 'node:path';
import { manifestText, readManifest, type ManifestRow } from '../data/manifest';
import { writeFileAtomic } from '../library/atomicFile';

export const ROWS_FILE = 'rows.tsv';

/** @param folder the run's */
export async function writeRunRows(folder: string, rows: readonly ManifestRow[]): Promise<void> {
  const stored = rows.map(({ path, transcript, speaker, corpus, part }) => ({
    // Relative, so that a data folder can be moved; with slashes, so that it can be moved to another system.
    path: relative(folder, path).split(sep).join('/'),
    transcript,
    speaker,
    corpus,
    part: part ?? ('train' as const),
  }));
  await writeFileAtomic(join(folder, ROWS_FILE), manifestText(stored));
}

/** @throws UnrollError file.missing, manifest.invalid */
export const readRunRows = (folder: string): Promise<ManifestRow[]> => readManifest(join(folder, ROWS_FILE));
