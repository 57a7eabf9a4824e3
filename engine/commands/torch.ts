// unroll torch FILE --cell NAME --like MODEL --out FOLDER
import { promises as fs } from 'node:fs';
import { basename } from 'node:path';
import { modelManifestSchema } from '../../app/contract/model';
import { networkSchema } from '../../app/contract/network';
import { UnrollError } from '../../app/errors';
import { checkFile } from '../data/checkFile';
import { readNamedFile } from '../data/namedFile';
import { writeModel } from '../library/modelFiles';
import { readEverySafetensor } from '../library/safetensors';
import { fromTorch, headFromTorch, type TorchCell } from '../library/torchWeights';
import { parameterCount } from '../network/parameters';
import { stackedSize } from '../network/stack';
import { readChosenModel } from './model';
import { say } from './output';

const MAX_BYTES = 1 << 30;

export interface TorchOptions {
  readonly cell: TorchCell;
  readonly like: string;
  readonly head: string;
  readonly nonlinearity: 'tanh' | 'relu';
  readonly out: string;
}

/**
 * A stack of PyTorch's, with a linear layer above it, as a model: front end, symbols or labels and card are those of another one.
 * @throws UnrollError file.missing, model.missing, model.invalid, model.torch
 */
export async function torchCommand(path: string, options: TorchOptions): Promise<void> {
  const file = basename(path);
  const tensors = readEverySafetensor(await readNamedFile(path, MAX_BYTES), file);
  const { manifest } = await readChosenModel(options.like, 'default');
  const stack = fromTorch(tensors, options.cell, file, options.nonlinearity);
  const { front: _front, embedding: _embedding, ...below } = manifest.network;
  const network = networkSchema.parse({ ...below, layers: stack.layers });
  if (stackedSize(network) !== stack.inputSize) throw new UnrollError('model.torch', { file, tensor: 'weight_ih_l0' });
  const parameters = new Map([...stack.parameters, ...headFromTorch(tensors, network, options.head, file)]);
  const card = { ...manifest.card, parameters: parameterCount(network) };
  const made = checkFile(modelManifestSchema, { ...manifest, id: basename(options.out), network, card }, options.out);
  await fs.mkdir(options.out, { recursive: true });
  await writeModel(options.out, made, parameters, { dtype: 'F32' });
  say(`${options.out}: ${stack.layers.length} layers of ${options.cell.toUpperCase()}.`);
}
