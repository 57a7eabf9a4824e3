// A model on disk: a folder with model.json (what it is) and weights.safetensors (what it learned).
import { createHash } from 'node:crypto';
import { constants, promises as fs } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Decoding } from '../../app/contract/decoding';
import {
  hearsSound,
  isRecogniser,
  modelManifestSchema,
  weightsContextSchema,
  type ModelManifest,
  type RecogniserManifest,
  type SoundLabellerManifest,
  type TextLabellerManifest,
} from '../../app/contract/model';
import { UnrollError, type ErrorParams, type ReasonCode } from '../../app/errors';
import { fieldReason } from '../../app/fieldReason';
import { parameterShapes, storedCount, type ParameterSet } from '../network/parameters';
import { writeFileAtomic } from './atomicFile';
import { misfitOf } from './modelMisfit';
import { MAX_HEADER_BYTES, readMetadata, readSafetensors, writeSafetensors, type WeightType } from './safetensors';

export const MANIFEST_FILE = 'model.json';
export const WEIGHTS_FILE = 'weights.safetensors';
export const MAX_MANIFEST_BYTES = 16 << 20;
export const MAX_WEIGHTS_BYTES = 1 << 30;
/** A pipe under a file's name would otherwise keep whoever opens it until somebody writes. Windows has no such flag. */
const READ_WITHOUT_WAITING = constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0);

interface ModelOf<M extends ModelManifest> {
  readonly manifest: M;
  readonly parameters: ParameterSet;
}
export type Recogniser = ModelOf<RecogniserManifest>;
export type SoundLabeller = ModelOf<SoundLabellerManifest>;
export type TextLabeller = ModelOf<TextLabellerManifest>;
export type Labeller = SoundLabeller | TextLabeller;
export type Model = Recogniser | Labeller;
export interface ListedModel {
  readonly dir: string;
  readonly manifest: ModelManifest;
}
export interface ModelList {
  readonly models: readonly ListedModel[];
  /** Folders that look like models but cannot be used, and why. */
  readonly refused: readonly { readonly dir: string; readonly error: UnrollError }[];
}

/**
 * @throws UnrollError model.missing where the folder holds no model.json, model.invalid naming the file and the field.
 */
export async function readModel(dir: string): Promise<Model> {
  const manifest = await readManifest(dir);
  const model = nameOf(dir);
  const expected = parameterShapes(manifest.network);
  const mostBytes = 8 + MAX_HEADER_BYTES + 4 * storedCount(manifest.network);
  if (mostBytes > MAX_WEIGHTS_BYTES) throw invalid(model, fieldOf('network'), 'reason.model.tooLarge');
  const bytes = await readBounded(join(dir, WEIGHTS_FILE), model, mostBytes);
  const parameters = readSafetensors(bytes, expected, model);
  const { fingerprint } = readMetadata(bytes, model);
  if (fingerprint !== undefined && fingerprint !== fingerprintOf(manifest))
    throw invalid(model, WEIGHTS_FILE, 'reason.weights.otherModel');
  return modelOf(manifest, parameters);
}

function modelOf(manifest: ModelManifest, parameters: ParameterSet): Model {
  if (isRecogniser(manifest)) return { manifest, parameters };
  return hearsSound(manifest) ? { manifest, parameters } : { manifest, parameters };
}
export const isRecogniserModel = (model: Model): model is Recogniser => isRecogniser(model.manifest);
export const isSoundLabeller = (model: Labeller): model is SoundLabeller => hearsSound(model.manifest);
/** @throws UnrollError as readModel; model.notRecogniser where it writes no text. */
export async function readRecogniser(dir: string): Promise<Recogniser> {
  const model = await readModel(dir);
  if (isRecogniserModel(model)) return model;
  throw new UnrollError('model.notRecogniser', { model: nameOf(dir) });
}

/** model.json alone, checked. @throws as readModel. */
export async function readManifest(dir: string): Promise<ModelManifest> {
  const model = nameOf(dir);
  const bytes = await readBounded(join(dir, MANIFEST_FILE), model, MAX_MANIFEST_BYTES);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw invalid(model, MANIFEST_FILE, 'reason.file.json', {}, { cause: error });
  }
  return checkManifest(value, model);
}

/** Writes the weights, then model.json; each file is whole or the one before, and a pair from two writes is refused on reading. */
export async function writeModel(
  dir: string,
  manifest: ModelManifest,
  parameters: ParameterSet,
  { dtype }: { readonly dtype: WeightType },
): Promise<void> {
  checkManifest(manifest, nameOf(dir));
  const ordered = parameterShapes(manifest.network).map(({ name }) => {
    const parameter = parameters.get(name);
    if (parameter === undefined) throw new Error(`Expected a parameter called ${name}`);
    return parameter;
  });
  const weights = writeSafetensors(ordered, {
    dtype,
    metadata: { format: 'unroll', fingerprint: fingerprintOf(manifest) },
  });
  await fs.mkdir(dir, { recursive: true });
  await writeFileAtomic(join(dir, WEIGHTS_FILE), weights);
  await writeFileAtomic(join(dir, MANIFEST_FILE), manifestText(manifest));
}

/** Gives a model another name; its weights stay as they are. @throws as readManifest */
export async function renameModel(dir: string, name: ModelManifest['name']): Promise<void> {
  const manifest = { ...(await readManifest(dir)), name };
  await writeFileAtomic(join(dir, MANIFEST_FILE), manifestText(checkManifest(manifest, nameOf(dir))));
}

/** Says who made a model, or with an empty name that nobody says; its weights stay as they are. @throws as readManifest */
export async function signModel(dir: string, author: string): Promise<void> {
  const manifest = await readManifest(dir);
  const { author: _before, ...card } = manifest.card;
  const signed = { ...manifest, card: author === '' ? card : { ...card, author } };
  await writeFileAtomic(join(dir, MANIFEST_FILE), manifestText(checkManifest(signed, nameOf(dir))));
}

/** Says how a model's symbols are searched; its weights stay as they are. @throws as readManifest */
export async function writeDecoding(dir: string, decoding: Decoding): Promise<void> {
  const manifest = { ...(await readManifest(dir)), decoding };
  await writeFileAtomic(join(dir, MANIFEST_FILE), manifestText(checkManifest(manifest, nameOf(dir))));
}

const manifestText = (manifest: ModelManifest): string => `${JSON.stringify(manifest, null, 2)}\n`;

/** The models in these folders, one folder each; of two with one id the first counts. Folders that are not there hold none. */
export async function listModels(dirs: readonly string[]): Promise<ModelList> {
  const models: ListedModel[] = [];
  const refused: { dir: string; error: UnrollError }[] = [];
  for (const dir of (await Promise.all(dirs.map(modelFolders))).flat()) {
    try {
      const manifest = await readManifest(dir);
      if (models.some((listed) => listed.manifest.id === manifest.id))
        throw invalid(nameOf(dir), fieldOf('id'), 'reason.model.sameId');
      models.push({ dir, manifest });
    } catch (error) {
      if (!(error instanceof UnrollError)) throw error;
      refused.push({ dir, error });
    }
  }
  return { models, refused };
}

const nameOf = (dir: string): string => basename(resolve(dir));
/** @param place the file, or the field in it */
const invalid = (
  model: string,
  place: string,
  reason: ReasonCode,
  params: ErrorParams = {},
  options?: ErrorOptions,
): UnrollError => new UnrollError('model.invalid', { ...params, model, place, reason }, options);
const fieldOf = (path: string): string => (path === '' ? MANIFEST_FILE : `${MANIFEST_FILE}: ${path}`);
const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

/** Sub-folders with a model.json, by name. */
async function modelFolders(dir: string): Promise<string[]> {
  const entries = await fs.readdir(dir, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const folders = entries.filter((entry) => !entry.name.startsWith('.')).map((entry) => join(dir, entry.name));
  const found = await Promise.all(
    folders.map(async (folder) => {
      try {
        await fs.access(join(folder, MANIFEST_FILE));
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    }),
  );
  return folders.filter((_, i) => found[i]).sort();
}

async function readBounded(path: string, model: string, maxBytes: number): Promise<Uint8Array> {
  const file = basename(path);
  let handle: fs.FileHandle;
  try {
    handle = await fs.open(path, READ_WITHOUT_WAITING);
  } catch (error) {
    if (isMissing(error) && file === MANIFEST_FILE) throw new UnrollError('model.missing', { model }, { cause: error });
    const reason = isMissing(error) ? 'reason.file.missing' : 'reason.file.closed';
    throw invalid(model, file, reason, {}, { cause: error });
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw invalid(model, file, 'reason.file.notAFile');
    const { size } = stats;
    if (size > maxBytes) throw invalid(model, file, 'reason.file.tooLarge', { size, most: maxBytes });
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** What the schema says of each field, then how the fields must fit each other. */
function checkManifest(value: unknown, model: string): ModelManifest {
  const result = modelManifestSchema.safeParse(value);
  if (!result.success) {
    const { path, params } = fieldReason(result.error, value);
    throw invalid(model, fieldOf(path), params.reason, params);
  }
  const misfit = misfitOf(result.data);
  if (misfit !== null) throw invalid(model, fieldOf(misfit.path), misfit.params.reason, misfit.params);
  return result.data;
}

/** Of all that the weights depend on. The card and the names may be edited, the rest not. */
function fingerprintOf(manifest: ModelManifest): string {
  const ordered = weightsContextSchema.parse(manifest);
  return createHash('sha256').update(JSON.stringify(ordered)).digest('hex');
}
