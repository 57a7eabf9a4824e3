// The list of recordings as the engine keeps it, asked for anew whenever it changes.
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import type { RecordingSummary } from '../../../app/contract/recording';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';

export class Recordings {
  /** The newest of them, newest first. */
  all = $state.raw<readonly RecordingSummary[]>([]);
  /** Of all, also of those that are not among the newest. */
  total = $state(0);
  totalMs = $state(0);
  totalBytes = $state(0);
  /** Grows with everything that may change what a search finds. */
  changes = $state(0);
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  error = $state.raw<ErrorMessage | null>(null);
  /** Recordings that a crash cut short and that were put together from disk; shown until dismissed. */
  recoveredIds = $state.raw<readonly string[]>([]);
  readonly #bridge: Bridge;
  #asked = 0;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Follows the engine until the returned function is called. */
  follow(): () => void {
    void this.load();
    return this.#bridge.on('recordings.changed', ({ recoveredIds }) => {
      if (recoveredIds.length > 0) this.recoveredIds = [...this.recoveredIds, ...recoveredIds];
      void this.load();
    });
  }

  async load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const { recordings, total, totalMs, totalBytes } = await this.#bridge.request('recordings.list', {});
      if (asked !== this.#asked) return;
      this.total = total;
      this.totalMs = totalMs;
      this.changes++;
      this.all = [...recordings].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
      this.totalBytes = totalBytes;
      this.error = null;
      this.state = 'ready';
    } catch (error) {
      if (asked !== this.#asked) return;
      this.error = errorMessageOf(error);
      this.state = 'failed';
      if (this.error === null) throw error;
    }
  }

  byId(id: string | null): RecordingSummary | null {
    return this.all.find((recording) => recording.id === id) ?? null;
  }

  async rename(recordingId: string, title: string): Promise<void> {
    const { recording } = await this.#bridge.request('recordings.rename', { recordingId, title });
    this.put(recording);
  }

  /** What the engine says of a recording now. */
  put(recording: RecordingSummary): void {
    this.all = this.all.map((each) => (each.id === recording.id ? recording : each));
    this.changes++;
  }

  async delete(recordingId: string): Promise<void> {
    await this.#bridge.request('recordings.delete', { recordingId });
    this.all = this.all.filter((each) => each.id !== recordingId);
    await this.load();
  }

  /** Its tags and whether it is a favourite. */
  async label(recordingId: string, tags: readonly string[], isFavourite: boolean): Promise<void> {
    const body = { recordingId, tags: [...tags], isFavourite };
    this.put((await this.#bridge.request('recordings.label', body)).recording);
  }

  /** Out of the trash, for good. */
  async erase(recordingId: string): Promise<void> {
    await this.#bridge.request('recordings.erase', { recordingId });
    await this.load();
  }

  /** A recording that may not be among the newest; null where there is none. */
  async read(recordingId: string): Promise<RecordingSummary | null> {
    try {
      return (await this.#bridge.request('recordings.get', { recordingId })).summary;
    } catch (error) {
      if (errorMessageOf(error) === null) throw error;
      return null;
    }
  }

  async restore(recordingId: string): Promise<void> {
    await this.#bridge.request('recordings.restore', { recordingId });
    await this.load();
  }

  dismissRecovered(recordingId: string): void {
    this.recoveredIds = this.recoveredIds.filter((id) => id !== recordingId);
  }
}
