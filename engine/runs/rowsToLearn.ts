// What a run of a data set may look at: nothing of the test.
import { UnrollError } from '../../app/errors';
import type { ManifestRow } from '../data/manifest';
import { trainableRows } from '../data/setFiles';

/**
 * @param sets the data folder's sets
 * @throws UnrollError dataset.missing, manifest.invalid; dataset.empty where there is nothing to learn from
 */
export async function rowsToLearn(sets: string, setId: string): Promise<ManifestRow[]> {
  const all = await trainableRows(sets, setId);
  const rows = all.filter(({ part }) => part !== 'test');
  if (!rows.some(({ part }) => (part ?? 'train') === 'train'))
    throw new UnrollError('dataset.empty', { rows: all.length });
  return rows;
}
