// The rows of a table that a model is measured by.
import { promises as fs } from 'node:fs';
import type { DataPart } from '../../app/contract/dataset';
import { UnrollError } from '../../app/errors';
import type { ManifestRow } from '../data/manifest';

/** @throws UnrollError dataset.noPart */
export function rowsOfPart<R extends { readonly part: DataPart | null }>(
  rows: readonly R[],
  { data, part }: { readonly data: string; readonly part?: DataPart },
): readonly R[] {
  if (part === undefined) return rows;
  const chosen = rows.filter((row) => row.part === part);
  if (chosen.length === 0) throw new UnrollError('dataset.noPart', { file: data, part });
  return chosen;
}

/** A list that names what is not there is wrong as a list: that is said before an hour of work, with its line. @throws UnrollError manifest.invalid */
export async function checkThatAllAreThere(rows: readonly ManifestRow[]): Promise<void> {
  for (const { path, manifest, line } of rows) {
    try {
      await fs.access(path, fs.constants.R_OK);
    } catch (error) {
      const reason = new UnrollError('file.missing', { file: path }).message;
      throw new UnrollError('manifest.invalid', { file: manifest, line, reason }, { cause: error });
    }
  }
}
