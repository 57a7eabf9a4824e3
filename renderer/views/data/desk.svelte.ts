// What the Data view keeps while another view is looked at: the sets, an import or export under way, what lies open.
import type { DataRow, DataSet } from '../../../app/contract/dataSets';
import type { Augmentation } from '../../../app/contract/trainingConfig';
import type { Bridge } from '../../bridge/bridge';
import type { OpenSource } from '../../capture/source';
import { t } from '../../i18n/messages.svelte';
import { navigation } from '../../shell/navigation.svelte';
import { DataExport } from './dataExport.svelte';
import { DataImport } from './dataImport.svelte';
import { DataSets } from './dataSets.svelte';
import type { Picked } from './pickedFiles';
import { PromptSession } from './promptSession.svelte';

/** What stands at the right of the table. */
export type DataPanel = 'prompts' | 'import' | 'augmentation' | 'check';

export class DataDesk {
  readonly sets: DataSets;
  readonly imports: DataImport;
  readonly exports: DataExport;
  readonly prompts: PromptSession;
  panel = $state<DataPanel | null>(null);
  /** The set that was looked at last. */
  setId = $state<string | null>(null);
  /** How training is to disturb clips; null: as usual. */
  augmentation = $state.raw<Augmentation | null>(null);
  readonly #bridge: Bridge;

  /** @param openMicrophone the microphone that is chosen at the time of the call */
  constructor(bridge: Bridge, openMicrophone: OpenSource) {
    this.#bridge = bridge;
    this.prompts = new PromptSession(bridge, localStorage, openMicrophone);
    this.sets = new DataSets(bridge);
    this.exports = new DataExport(bridge);
    this.imports = new DataImport(bridge, (set) => {
      this.sets.put(set);
      this.setId = set.id;
      if (navigation.view === 'data') navigation.go('data', set.id);
    });
  }

  /** Follows the engine until the returned function is called. */
  follow(): () => void {
    const stops = [this.sets.follow(), this.imports.follow(), this.exports.follow()];
    return () => stops.forEach((stop) => stop());
  }

  /** Leads to where the person's own words are recorded. */
  teach(): void {
    this.panel = 'prompts';
    navigation.go('data', this.setId);
  }

  /** A recording of the library, with its text as it is now, joins the set that was looked at last; a first set is made for it. */
  async addRecording(recordingId: string, modelId: string): Promise<{ set: DataSet; row: DataRow }> {
    const known = this.sets.byId(this.setId) ?? this.sets.all.find(({ origin }) => origin !== 'sample');
    const set = known ?? (await this.sets.create(t('dataView.ownSet')));
    this.setId = set.id;
    const { row } = await this.#bridge.request('data.addRecording', { setId: set.id, recordingId, modelId });
    return { set, row };
  }

  /** Files were picked or dropped for an import. */
  pick(picked: Picked): void {
    this.imports.pick(picked);
    this.panel = 'import';
  }
}
