// What is done with whole sets, each with its word afterwards and its way back.
import type { DataSet } from '../../../app/contract/dataSets';
import { errorMessageOf } from '../../bridge/bridge';
import { errorSentence, t } from '../../i18n/messages.svelte';
import { navigation } from '../../shell/navigation.svelte';
import type { Notices } from '../../shell/notices.svelte';
import type { DataDesk } from './desk.svelte';

export class SetActions {
  readonly #desk: DataDesk;
  readonly #notices: Notices;

  constructor(desk: DataDesk, notices: Notices) {
    this.#desk = desk;
    this.#notices = notices;
  }

  create(title: string): Promise<DataSet | null> {
    return this.#attempt(async () => this.#show(await this.#desk.sets.create(title)));
  }

  openSample(): Promise<DataSet | null> {
    return this.#attempt(async () => this.#show(await this.#desk.sets.openSample()));
  }

  async rename({ id, title: before }: DataSet, title: string): Promise<void> {
    if (title === before) return;
    await this.#attempt(async () => {
      await this.#desk.sets.rename(id, title);
      const run = async (): Promise<void> => void (await this.#attempt(() => this.#desk.sets.rename(id, before)));
      this.#notices.done(t('dataView.renamed', { title }), { label: t('common.undo'), run });
    });
  }

  /** As one file; cancelled, it says nothing. */
  async save(set: DataSet): Promise<void> {
    const file = await this.#attempt(() => this.#desk.exports.save(set));
    if (file !== null) this.#notices.done(t('dataView.exported', { title: set.title, file }));
  }

  async delete({ id, title }: DataSet): Promise<void> {
    await this.#attempt(async () => {
      await this.#desk.sets.delete(id);
      if (navigation.view === 'data') navigation.go('data');
      const run = async (): Promise<void> => {
        await this.#attempt(async () => {
          await this.#desk.sets.restore(id);
          if (navigation.view === 'data') navigation.go('data', id);
        });
      };
      this.#notices.done(t('dataView.deleted', { title }), { label: t('dataView.restore'), run });
    });
  }

  #show(set: DataSet): DataSet {
    this.#desk.setId = set.id;
    if (navigation.view === 'data') navigation.go('data', set.id);
    return set;
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
