// The data sets on this computer, as the engine keeps them, asked for anew whenever one changes.
import type { DataSet } from '../../../app/contract/dataSets';
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';

export class DataSets {
  /** Newest first. */
  all = $state.raw<readonly DataSet[]>([]);
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  error = $state.raw<ErrorMessage | null>(null);
  readonly #bridge: Bridge;
  #asked = 0;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Follows the engine until the returned function is called. */
  follow(): () => void {
    void this.load();
    const stops = [
      this.#bridge.on('data.changed', () => void this.load()),
      this.#bridge.on('engine.state', ({ state }) => {
        if (state === 'ready' && this.state === 'failed') void this.load();
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  async load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const { sets } = await this.#bridge.request('data.list', {});
      if (asked !== this.#asked) return;
      this.all = newestFirst(sets);
      this.error = null;
      this.state = 'ready';
    } catch (error) {
      if (asked !== this.#asked) return;
      this.error = errorMessageOf(error);
      this.state = 'failed';
      if (this.error === null) throw error;
    }
  }

  byId(id: string | null): DataSet | null {
    return this.all.find((set) => set.id === id) ?? null;
  }

  async create(title: string): Promise<DataSet> {
    return this.put((await this.#bridge.request('data.create', { title })).set);
  }

  async rename(setId: string, title: string): Promise<void> {
    this.put((await this.#bridge.request('data.rename', { setId, title })).set);
  }

  async delete(setId: string): Promise<void> {
    await this.#bridge.request('data.delete', { setId });
    this.all = this.all.filter((set) => set.id !== setId);
  }

  async restore(setId: string): Promise<void> {
    this.put((await this.#bridge.request('data.restore', { setId })).set);
  }

  async openSample(): Promise<DataSet> {
    return this.put((await this.#bridge.request('data.openSample', {})).set);
  }

  /** What the engine says of a set now; a new one joins the list. */
  put(set: DataSet): DataSet {
    this.all = newestFirst([set, ...this.all.filter((each) => each.id !== set.id)]);
    return set;
  }
}

const newestFirst = (sets: readonly DataSet[]): readonly DataSet[] =>
  [...sets].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
