// What the Data view keeps while another view is looked at: the sets, an import under way, what lies open.
import type { Augmentation } from '../../../app/contract/trainingConfig';
import type { Bridge } from '../../bridge/bridge';
import type { OpenSource } from '../../capture/source';
import { navigation } from '../../shell/navigation.svelte';
import { DataImport } from './dataImport.svelte';
import { DataSets } from './dataSets.svelte';
import type { Picked } from './pickedFiles';
import { PromptSession } from './promptSession.svelte';

/** What stands at the right of the table. */
export type DataPanel = 'prompts' | 'import' | 'augmentation' | 'check';

export class DataDesk {
  readonly sets: DataSets;
  readonly imports: DataImport;
  readonly prompts: PromptSession;
  panel = $state<DataPanel | null>(null);
  /** The set that was looked at last. */
  setId = $state<string | null>(null);
  /** How training is to disturb clips; null: as usual. */
  augmentation = $state.raw<Augmentation | null>(null);

  /** @param openMicrophone the microphone that is chosen at the time of the call */
  constructor(bridge: Bridge, openMicrophone: OpenSource) {
    this.prompts = new PromptSession(bridge, localStorage, openMicrophone);
    this.sets = new DataSets(bridge);
    this.imports = new DataImport(bridge, (set) => {
      this.sets.put(set);
      this.setId = set.id;
      if (navigation.view === 'data') navigation.go('data', set.id);
    });
  }

  /** Follows the engine until the returned function is called. */
  follow(): () => void {
    const stops = [this.sets.follow(), this.imports.follow()];
    return () => stops.forEach((stop) => stop());
  }

  /** Files were picked or dropped for an import. */
  pick(picked: Picked): void {
    this.imports.pick(picked);
    this.panel = 'import';
  }
}
