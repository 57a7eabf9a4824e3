// unroll torch FILE --cell NAME --like MODEL --out FOLDER
import { promises as fs } from 'node:fs';
import { basename } from 'node:path';
import type { TorchChoice } from '../../app/contract/models';
import { readNamedFile } from '../data/namedFile';
import { writeModel } from '../library/modelFiles';
import { modelFromTorch } from '../library/torchModel';
import { readChosenModel } from './model';
import { say } from './output';

const MAX_BYTES = 1 << 30;

export interface TorchOptions extends Omit<TorchChoice, 'likeId'> {
  readonly like: string;
  readonly out: string;
}

/** @throws UnrollError file.missing, model.missing, model.invalid, model.torch */
export async function torchCommand(path: string, { like, out, ...choice }: TorchOptions): Promise<void> {
  const bytes = await readNamedFile(path, MAX_BYTES);
  const { manifest } = await readChosenModel(like, 'default');
  const id = basename(out);
  const made = modelFromTorch(bytes, { ...choice, file: basename(path), like: manifest, id, name: manifest.name });
  await fs.mkdir(out, { recursive: true });
  await writeModel(out, made.manifest, made.parameters, { dtype: 'F32' });
  say(`${out}: ${made.manifest.network.layers.length} layers of ${choice.cell.toUpperCase()}.`);
}
