// What each method on the models' folders asks of the engine's parts.
import { promises as fs } from 'node:fs';
import { basename, join } from 'node:path';
import { MAX_PIECE_BYTES } from '../../app/contract/dataSets';
import type { ReplyOf, RequestOf } from '../../app/contract/messages';
import type { modelMethods } from '../../app/contract/models';
import { UnrollError } from '../../app/errors';
import { readNamedFile } from '../data/namedFile';
import { onlyArchive, type Uploads } from '../data/uploads';
import type { KeptModels } from '../library/keptModels';
import { packModel, unpackModel } from '../library/modelArchive';
import { readManifest, readModel, writeModel } from '../library/modelFiles';
import { newId } from '../library/recordingFiles';
import { isDiskFull } from '../library/take';
import { modelFromTorch } from '../library/torchModel';
import { exportOnnx } from '../onnx/exportOnnx';
import type { Comparisons } from '../training/comparisons';
import type { ListeningHandlers } from './dispatcher';

const MAX_TORCH_BYTES = 1 << 30;

export interface ModelRoom {
  readonly kept: KeptModels;
  readonly comparisons: Comparisons;
  readonly uploads: Pick<Uploads, 'use'>;
}

export function makeModelHandlers({
  kept,
  comparisons,
  uploads,
}: ModelRoom): Pick<ListeningHandlers, keyof typeof modelMethods> {
  const onnx = new FilePieces(async (modelId) => {
    const { manifest, parameters } = await readModel(await kept.folder(modelId));
    return exportOnnx(manifest, parameters);
  });
  const archive = new FilePieces(async (modelId) => packModel(await kept.folder(modelId)));
  return {
    'models.kept': () => kept.all(),
    'models.rename': async ({ modelId, name }) => {
      await kept.rename(modelId, name);
      return {};
    },
    'models.sign': async ({ modelId, author }) => {
      await kept.sign(modelId, author);
      return {};
    },
    'models.duplicate': async ({ modelId, name }) => ({ modelId: await kept.duplicate(modelId, name) }),
    'models.delete': async ({ modelId }) => {
      await kept.delete(modelId);
      return {};
    },
    'models.restore': async ({ modelId }) => {
      await kept.restore(modelId);
      return {};
    },
    'models.erase': async ({ modelId }) => {
      await kept.erase(modelId);
      return {};
    },
    'models.import': ({ uploadId }) =>
      uploads.use(uploadId, 'models.import', async (folder) => ({ modelId: await importModel(kept, folder) })),
    'models.importTorch': (body) => importTorch(kept, uploads, body),
    'models.onnx': (body) => onnx.piece(body),
    'models.archive': (body) => archive.piece(body),
    'models.compare': async (body) => ({ comparisonId: await comparisons.begin(body) }),
    'models.compared': async ({ comparisonId }) => ({ measured: await comparisons.result(comparisonId) }),
    'models.cancelComparison': async ({ comparisonId }) => {
      await comparisons.cancel(comparisonId);
      return {};
    },
  };
}

const UNPACKED = '.unpacked';
/** A model's folder, or the archive of one, which is unpacked beside itself. */
async function importModel(kept: KeptModels, folder: string): Promise<string> {
  const archive = await onlyArchive(folder);
  if (archive === null) return kept.add(folder);
  try {
    return await kept.add(await unpackModel(archive, join(folder, UNPACKED)));
  } catch (error) {
    throw isDiskFull(error) ? new UnrollError('model.noRoom', {}, { cause: error }) : error;
  } finally {
    // The upload may be tried once more.
    await fs.rm(join(folder, UNPACKED), { recursive: true, force: true });
  }
}

/** The model is written beside the weights in the stage, and comes in as any other folder does. */
const importTorch = (
  kept: KeptModels,
  uploads: ModelRoom['uploads'],
  { uploadId, name, likeId, ...choice }: RequestOf<'models.importTorch'>,
): Promise<ReplyOf<'models.importTorch'>> =>
  uploads.use(uploadId, 'models.importTorch', async (folder) => {
    const [file, ...more] = await fs.readdir(folder);
    if (file === undefined || more.length > 0) throw new UnrollError('model.noTorchFile');
    const bytes = await readNamedFile(join(folder, file), MAX_TORCH_BYTES);
    const like = await readManifest(await kept.folder(likeId));
    const [id, names] = [newId(), { en: name, zh: name }];
    const made = modelFromTorch(bytes, { ...choice, file: basename(file), like, id, name: names });
    const out = join(folder, id);
    await writeModel(out, made.manifest, made.parameters, { dtype: 'F32' });
    return { modelId: await kept.add(out) };
  });

type PieceOf = RequestOf<'models.onnx'>;

/** Files that are made of models, of which the one under way is kept from piece to piece. */
class FilePieces {
  readonly #make: (modelId: string) => Promise<Uint8Array>;
  #last: { readonly modelId: string; readonly bytes: Uint8Array } | null = null;

  constructor(make: (modelId: string) => Promise<Uint8Array>) {
    this.#make = make;
  }

  async piece({ modelId, offset }: PieceOf): Promise<ReplyOf<'models.onnx'>> {
    const bytes = offset > 0 && this.#last?.modelId === modelId ? this.#last.bytes : await this.#make(modelId);
    this.#last = offset < bytes.length ? { modelId, bytes } : null;
    // What makes them gives a Buffer, which the wire does not carry.
    return { byteLength: bytes.length, bytes: new Uint8Array(bytes.subarray(offset, offset + MAX_PIECE_BYTES)) };
  }
}
