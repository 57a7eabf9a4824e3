// The way to the person's own folders, in the system's file manager. A window names a model or nothing, never a folder.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { identifier } from '../app/contract/schema';

export interface FolderPlaces {
  /** The person's folder. */
  readonly data: string;
  /** Of what came with the product. */
  readonly assets: string;
}

/**
 * Opens a model's folder, that of the models where it lies under another name, or the whole of what the person keeps.
 * @param modelId null for the whole
 * @param show gives a folder to the system; @returns false where it could not
 */
export async function openFolder(
  { data, assets }: FolderPlaces,
  modelId: string | null,
  show: (folder: string) => Promise<boolean>,
): Promise<{ readonly isOpened: boolean; readonly place: string }> {
  const place = modelId === null ? data : await modelFolder({ data, assets }, identifier.parse(modelId));
  return { isOpened: await show(place), place };
}

async function modelFolder({ data, assets }: FolderPlaces, id: string): Promise<string> {
  for (const folder of [join(data, 'models', id), join(assets, 'models', id)]) {
    try {
      await fs.access(folder);
      return folder;
    } catch {
      // it lies elsewhere, or is gone
    }
  }
  return join(data, 'models');
}
