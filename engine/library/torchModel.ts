// A stack of PyTorch's, with a linear layer above it, as a model: front end, symbols or labels and card are those of another one.
import { modelManifestSchema, type ModelManifest } from '../../app/contract/model';
import type { TorchChoice } from '../../app/contract/models';
import { networkSchema } from '../../app/contract/network';
import { UnrollError } from '../../app/errors';
import { checkFile } from '../data/checkFile';
import { parameterCount, type ParameterSet } from '../network/parameters';
import { stackedSize } from '../network/stack';
import { readEverySafetensor } from './safetensors';
import { fromTorch, headFromTorch } from './torchWeights';

/** Of a card in the contract. */
const MAX_RECIPE = 200;

export interface TorchModelOptions extends Omit<TorchChoice, 'likeId'> {
  /** Of the file, for sentences. */
  readonly file: string;
  readonly like: ModelManifest;
  readonly id: string;
  readonly name: ModelManifest['name'];
}

/** @param bytes of a .safetensors file. @throws UnrollError model.invalid, model.torch naming the tensor, config.invalid */
export function modelFromTorch(
  bytes: Uint8Array,
  { file, cell, nonlinearity, head, like, id, name }: TorchModelOptions,
): { readonly manifest: ModelManifest; readonly parameters: ParameterSet } {
  const tensors = readEverySafetensor(bytes, file);
  const stack = fromTorch(tensors, cell, file, nonlinearity);
  const { front: _front, embedding: _embedding, ...below } = like.network;
  const network = networkSchema.parse({ ...below, layers: stack.layers });
  if (stackedSize(network) !== stack.inputSize) throw new UnrollError('model.torch', { file, tensor: 'weight_ih_l0' });
  const parameters = new Map([...stack.parameters, ...headFromTorch(tensors, network, head, file)]);
  // What was measured of the other one says nothing of this one, and what it learned from is not known.
  const untold = { errors: [], data: [], recipe: file.slice(0, MAX_RECIPE) };
  const card = { ...like.card, ...untold, parameters: parameterCount(network) };
  return { manifest: checkFile(modelManifestSchema, { ...like, id, name, network, card }, file), parameters };
}
