// What is done with a model, each with its word afterwards and its way back.
import type { KeptModel, TorchChoice } from '../../../app/contract/models';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';
import { errorSentence, named, t } from '../../i18n/messages.svelte';
import type { Notices } from '../../shell/notices.svelte';
import type { Picked } from '../data/pickedFiles';
import type { KeptModels, ModelFile } from './keptModels.svelte';

type Model = Pick<KeptModel, 'id' | 'name'>;

export class ModelActions {
  /** What it acts on. */
  readonly kept: KeptModels;
  readonly #bridge: Bridge;
  readonly #notices: Notices;

  constructor(bridge: Bridge, kept: KeptModels, notices: Notices) {
    this.#bridge = bridge;
    this.kept = kept;
    this.#notices = notices;
  }

  async rename({ id, name: before }: Model, name: string): Promise<void> {
    if (name.trim() === '' || name === named(before)) return;
    await this.#attempt(async () => {
      await this.kept.rename(id, name);
      this.#done(t('models.renamed', { name }), t('common.undo'), () => this.kept.rename(id, named(before)));
    });
  }

  /** @param author empty: nobody says who made it */
  async sign({ id, name, card }: Model & Pick<KeptModel, 'card'>, author: string): Promise<void> {
    const before = card.author ?? '';
    if (author === before) return;
    await this.#attempt(async () => {
      await this.kept.sign(id, author);
      this.#done(t('models.signed', { name: named(name) }), t('common.undo'), () => this.kept.sign(id, before));
    });
  }

  async duplicate(model: Model): Promise<void> {
    const name = t('models.copyOf', { name: named(model.name) });
    await this.#attempt(async () => {
      const copy = await this.kept.duplicate(model.id, name);
      this.#done(t('models.copied', { name }), t('common.undo'), () => this.kept.delete(copy));
    });
  }

  async delete({ id, name }: Model): Promise<void> {
    await this.#attempt(async () => {
      await this.kept.delete(id);
      this.#done(t('models.deleted', { name: named(name) }), t('common.undo'), () => this.kept.restore(id));
    });
  }

  async restore({ id, name }: Model): Promise<void> {
    await this.#attempt(async () => {
      await this.kept.restore(id);
      this.#notices.done(t('models.restored', { name: named(name) }));
    });
  }

  async erase({ id, name }: Model): Promise<void> {
    await this.#attempt(async () => {
      await this.kept.erase(id);
      this.#notices.done(t('models.erased', { name: named(name) }));
    });
  }

  async save(model: Model, form: ModelFile): Promise<void> {
    await this.#attempt(async () => {
      const file = await this.kept.save(model, form, named(model.name));
      this.#notices.done(t(form === 'onnx' ? 'models.onnxSaved' : 'models.archiveSaved', { file }));
    });
  }

  async openFolder({ id }: Model): Promise<void> {
    await this.#attempt(async () => {
      const { isOpened, place } = await this.#bridge.request('system.openFolder', { modelId: id });
      if (!isOpened) this.#notices.done(t('models.liesIn', { place }));
    });
  }

  /** A model's folder, or a file that holds one. */
  async import(picked: Picked): Promise<void> {
    await this.#attempt(async () => this.#came(await this.kept.import(picked), picked.name));
  }

  /** @returns whether it became a model */
  async importTorch(picked: Picked, name: string, choice: TorchChoice): Promise<boolean> {
    const id = await this.#attempt(async () => {
      const modelId = await this.kept.importTorch(picked, name, choice);
      this.#came(modelId, name);
      return modelId;
    });
    return id !== null;
  }

  #came(modelId: string, name: string): void {
    this.#done(t('models.imported', { name }), t('common.undo'), () => this.kept.delete(modelId));
  }

  #done(text: string, label: string, back: () => Promise<void>): void {
    this.#notices.done(text, { label, run: async () => void (await this.#attempt(back)) });
  }

  /** Says what could not be done; a bug goes on up as well. */
  async #attempt<R>(action: () => Promise<R>): Promise<R | null> {
    try {
      return await action();
    } catch (error) {
      this.#notices.error(errorSentence(error));
      if (errorMessageOf(error) === null) throw error;
      return null;
    }
  }
}
