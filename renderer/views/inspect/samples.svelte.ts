// The samples that come with Unroll, to be looked into where nothing was recorded yet.
import type { ReplyOf } from '../../../app/contract/messages';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';

export class Samples {
  all = $state.raw<ReplyOf<'samples.list'>['samples']>([]);
  isLoaded = $state(false);
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  async load(): Promise<void> {
    try {
      this.all = (await this.#bridge.request('samples.list', {})).samples;
    } catch (error) {
      // Without them recordings are looked into all the same.
      if (errorMessageOf(error) === null) throw error;
    } finally {
      this.isLoaded = true;
    }
  }
}
