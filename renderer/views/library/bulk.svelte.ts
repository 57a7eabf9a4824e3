// What is done to many recordings at once. One that cannot be changed does not keep the rest from it.
import { errorMessageOf, type Bridge } from '../../bridge/bridge';
import type { ReplyOf } from '../../../app/contract/messages';
import type { RecordingSummary } from '../../../app/contract/recording';

export interface BulkResult<T = string> {
  readonly done: readonly T[];
  /** The first that could not be done, and how many there were. */
  readonly failed: number;
  readonly error: unknown;
}

export class BulkActions {
  /** How far the one under way is, 0 to 1; null between them. */
  fraction = $state<number | null>(null);
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  delete(ids: readonly string[]): Promise<BulkResult> {
    return this.#each(ids, (recordingId) => this.#bridge.request('recordings.delete', { recordingId }));
  }
  restore(ids: readonly string[]): Promise<BulkResult> {
    return this.#each(ids, (recordingId) => this.#bridge.request('recordings.restore', { recordingId }));
  }
  erase(ids: readonly string[]): Promise<BulkResult> {
    return this.#each(ids, (recordingId) => this.#bridge.request('recordings.erase', { recordingId }));
  }

  label(
    ids: readonly string[],
    change: (summary: RecordingSummary) => Pick<RecordingSummary, 'tags' | 'isFavourite'>,
  ): Promise<BulkResult> {
    return this.#each(ids, async (recordingId) => {
      const { summary } = await this.#bridge.request('recordings.get', { recordingId });
      await this.#bridge.request('recordings.label', { recordingId, ...change(summary) });
    });
  }

  /** All that the engine knows of each. */
  read(ids: readonly string[]): Promise<BulkResult<ReplyOf<'recordings.get'>>> {
    return this.#answers(ids, (recordingId) => this.#bridge.request('recordings.get', { recordingId }));
  }

  #each(ids: readonly string[], run: (id: string) => Promise<unknown>): Promise<BulkResult> {
    return this.#answers(ids, async (id) => {
      await run(id);
      return id;
    });
  }

  async #answers<T>(ids: readonly string[], run: (id: string) => Promise<T>): Promise<BulkResult<T>> {
    const done: T[] = [];
    let failed = 0;
    let first: unknown = null;
    try {
      for (const [index, id] of ids.entries()) {
        this.fraction = index / ids.length;
        try {
          done.push(await run(id));
        } catch (error) {
          if (errorMessageOf(error) === null) throw error;
          failed++;
          first ??= error;
        }
      }
    } finally {
      this.fraction = null;
    }
    return { done, failed, error: first };
  }
}
