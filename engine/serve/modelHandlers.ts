// What each method on the models' folders asks of the engine's parts.
import { promises as fs } from 'node:fs';
import { basename, join } from 'node:path';
import { MAX_PIECE_BYTES } from '../../app/contract/dataSets';
import type { ReplyOf, RequestOf } from '../../app/contract/messages';
import type { modelMethods } from '../../app/contract/models';
import { UnrollError } from '../../app/errors';
import { readNamedFile } from '../data/namedFile';
import type { Uploads } from '../data/uploads';
import type { KeptModels } from '../library/keptModels';
import { readManifest, readModel, writeModel } from '../library/modelFiles';
import { newId } from '../library/recordingFiles';
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
  const onnx = new OnnxPieces(kept);
  return {
    'models.kept': () => kept.all(),
    'models.rename': async ({ modelId, name }) => {
      await kept.rename(modelId, name);
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
      uploads.use(uploadId, 'models.import', async (folder) => ({ modelId: await kept.add(folder) })),
    'models.importTorch': (body) => importTorch(kept, uploads, body),
    'models.onnx': (body) => onnx.piece(body),
    'models.compare': async (body) => ({ comparisonId: await comparisons.begin(body) }),
    'models.compared': async ({ comparisonId }) => ({ measured: await comparisons.result(comparisonId) }),
    'models.cancelComparison': async ({ comparisonId }) => {
      await comparisons.cancel(comparisonId);
      return {};
    },
  };
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

/** Exported files, of which the one under way is kept from piece to piece. */
class OnnxPieces {
  readonly #kept: KeptModels;
  #last: { readonly modelId: string; readonly bytes: Uint8Array } | null = null;

  constructor(kept: KeptModels) {
    this.#kept = kept;
  }

  async piece({ modelId, offset }: RequestOf<'models.onnx'>): Promise<ReplyOf<'models.onnx'>> {
    const bytes = offset > 0 && this.#last?.modelId === modelId ? this.#last.bytes : await this.#export(modelId);
    this.#last = offset < bytes.length ? { modelId, bytes } : null;
    // The exporter's bytes are a Buffer, which the wire does not carry.
    return { byteLength: bytes.length, bytes: new Uint8Array(bytes.subarray(offset, offset + MAX_PIECE_BYTES)) };
  }

  async #export(modelId: string): Promise<Uint8Array> {
    const { manifest, parameters } = await readModel(await this.#kept.folder(modelId));
    return exportOnnx(manifest, parameters);
  }
}
