// Which model a command uses.
import { promises as fs } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Rung } from '../../app/contract/rung';
import { UnrollError } from '../../app/errors';
import { readModel, readRecogniser, type Model, type Recogniser } from '../library/modelFiles';
import { readDefaultModels } from '../library/modelShelf';

/** The folder with what comes with the product: beside the folder of the built programs, or UNROLL_ASSETS. */
export const assetsFolder = (): string => process.env['UNROLL_ASSETS'] ?? resolve(__dirname, '../../assets');
export const modelsFolder = (): string => join(assetsFolder(), 'models');

export interface ModelOptions {
  /** A folder, or the id of a model that comes with the product. */
  readonly model?: string;
  readonly backend?: Rung;
}

/**
 * @param role which default is meant where no model was named
 * @throws UnrollError model.missing, model.invalid, model.noDefault; model.notRecogniser where it writes no text
 */
export async function readChosenRecogniser(named: string | undefined, role: 'default' | 'live'): Promise<Recogniser> {
  return readRecogniser(await chosenFolder(named, role));
}
/** @throws UnrollError model.missing, model.invalid, model.noDefault */
export async function readChosenModel(named: string | undefined, role: 'default' | 'live'): Promise<Model> {
  return readModel(await chosenFolder(named, role));
}

/** Where the model is. @throws UnrollError model.noDefault */
export async function chosenFolder(named: string | undefined, role: 'default' | 'live'): Promise<string> {
  if (named !== undefined) return folderOf(named);
  const defaults = await readDefaultModels(modelsFolder());
  if (defaults === null) throw new UnrollError('model.noDefault');
  return join(modelsFolder(), defaults[role]);
}

async function folderOf(named: string): Promise<string> {
  const shipped = join(modelsFolder(), named);
  const isShipped = /^[a-z0-9-]+$/.test(named) && !(await isThere(named)) && (await isThere(shipped));
  return isShipped ? shipped : resolve(named);
}
const isThere = (path: string): Promise<boolean> =>
  fs.access(path).then(
    () => true,
    () => false, // whatever keeps it from us
  );
