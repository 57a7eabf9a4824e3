// The models' folders as the window knows them, and what a person does with them.
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import type { ReplyOf } from '../../../app/contract/messages';
import { MODEL_FILE_SUFFIX, type KeptModel, type TorchChoice } from '../../../app/contract/models';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';
import { fileName, saveBlob } from '../../ui/handOver';
import type { Picked } from '../data/pickedFiles';
import { forgetUpload, sendFiles, sizeOfAll } from '../data/upload';

/** `onnx`: for other programs. `archive`: for Unroll on another computer. */
export type ModelFile = 'onnx' | 'archive';
const SUFFIXES: Readonly<Record<ModelFile, string>> = { onnx: '.onnx', archive: MODEL_FILE_SUFFIX };
const MAX_TITLE = 200;
const NOTHING: ReplyOf<'models.kept'> = { models: [], deleted: [], refused: [] };

export class KeptModels {
  kept = $state.raw(NOTHING);
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  error = $state.raw<ErrorMessage | null>(null);
  /** Bytes of a model that comes in, of all; null while none does. */
  coming = $state.raw<{ readonly sent: number; readonly of: number } | null>(null);
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Asks for the models, and again when they change, until the returned function is called. */
  follow(): () => void {
    void this.load();
    return this.#bridge.on('models.changed', () => void this.load());
  }

  async load(): Promise<void> {
    try {
      this.kept = await this.#bridge.request('models.kept', {});
      this.error = null;
      this.state = 'ready';
    } catch (error) {
      this.error = errorMessageOf(error);
      this.state = 'failed';
      if (this.error === null) throw error;
    }
  }

  async rename(modelId: string, name: string): Promise<void> {
    await this.#bridge.request('models.rename', { modelId, name });
  }
  async sign(modelId: string, author: string): Promise<void> {
    await this.#bridge.request('models.sign', { modelId, author });
  }
  async duplicate(modelId: string, name: string): Promise<string> {
    return (await this.#bridge.request('models.duplicate', { modelId, name })).modelId;
  }
  async delete(modelId: string): Promise<void> {
    await this.#bridge.request('models.delete', { modelId });
  }
  async restore(modelId: string): Promise<void> {
    await this.#bridge.request('models.restore', { modelId });
  }
  async erase(modelId: string): Promise<void> {
    await this.#bridge.request('models.erase', { modelId });
  }

  /** A model's folder, or one file that holds such a folder. @returns its id */
  import(picked: Picked): Promise<string> {
    return this.#upload(picked, async (uploadId) => {
      const { modelId } = await this.#bridge.request('models.import', { uploadId });
      return modelId;
    });
  }
  /** A file of PyTorch's. @returns the id of the model that it became */
  importTorch(picked: Picked, name: string, choice: TorchChoice): Promise<string> {
    return this.#upload(picked, async (uploadId) => {
      const { modelId } = await this.#bridge.request('models.importTorch', { uploadId, name, ...choice });
      return modelId;
    });
  }

  /** Hands the model over as a file. @returns the file's name */
  async save({ id }: Pick<KeptModel, 'id'>, form: ModelFile, title: string): Promise<string> {
    const pieces: Blob[] = [];
    for (let [offset, of] = [0, 1]; offset < of;) {
      const { byteLength, bytes } = await this.#bridge.request(`models.${form}`, { modelId: id, offset });
      if (bytes.length === 0) throw new Error(`Expected ${byteLength} bytes of a model, but got ${offset}`);
      pieces.push(new Blob([new Uint8Array(bytes)]));
      [offset, of] = [offset + bytes.length, byteLength];
    }
    const name = `${fileName(title)}${SUFFIXES[form]}`;
    saveBlob(name, new Blob(pieces, { type: 'application/octet-stream' }));
    return name;
  }

  async #upload({ name, files }: Picked, use: (uploadId: string) => Promise<string>): Promise<string> {
    const of = sizeOfAll(files);
    const body = { title: name.slice(0, MAX_TITLE) || '?', files: files.length, byteLength: of };
    this.coming = { sent: 0, of };
    const { uploadId } = await this.#bridge.request('data.upload', body).catch((error: unknown) => {
      this.coming = null;
      throw error;
    });
    let [sent, isOver] = [0, false];
    try {
      const onSent = (bytes: number): void => void (this.coming = { sent: (sent += bytes), of });
      await sendFiles(this.#bridge, uploadId, files, { isStale: () => isOver, onSent });
      return await use(uploadId);
    } catch (error) {
      isOver = true;
      await forgetUpload(this.#bridge, uploadId);
      throw error;
    } finally {
      this.coming = null;
    }
  }
}
