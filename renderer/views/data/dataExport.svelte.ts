// One data set at a time leaves as one file: packed by the engine, fetched in pieces, and handed over to the person's system.
import type { DataSet } from '../../../app/contract/dataSets';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';
import { fileName, saveBlob } from '../../ui/handOver';

export type ExportState =
  | { readonly kind: 'none' }
  /** Sounds packed; `of` is 0 while it is not known how many there are. */
  | { readonly kind: 'packing'; readonly title: string; readonly done: number; readonly of: number }
  /** Bytes fetched, of all. */
  | { readonly kind: 'fetching'; readonly title: string; readonly sent: number; readonly of: number };

export const EXPORT_SUFFIX = '.unroll-set.zip';

export class DataExport {
  state = $state.raw<ExportState>({ kind: 'none' });
  readonly isWorking = $derived(this.state.kind !== 'none');
  readonly #bridge: Bridge;
  #exportId: string | null = null;
  /** Counts attempts, so that one that was cancelled says nothing any more. */
  #attempt = 0;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Hears the engine until the returned function is called. */
  follow(): () => void {
    return this.#bridge.on('data.exporting', ({ exportId, done, of }) => {
      if (exportId === this.#exportId && this.state.kind === 'packing') this.state = { ...this.state, done, of };
    });
  }

  /**
   * Saves a set, where nothing is under way.
   * @returns the name of the file; null where it was cancelled
   */
  async save({ id, title }: Pick<DataSet, 'id' | 'title'>): Promise<string | null> {
    if (this.isWorking) return null;
    const attempt = ++this.#attempt;
    const isStale = (): boolean => attempt !== this.#attempt;
    this.state = { kind: 'packing', title, done: 0, of: 0 };
    try {
      const blob = await this.#fetched(id, title, isStale);
      if (blob === null) return null;
      const name = `${fileName(title)}${EXPORT_SUFFIX}`;
      saveBlob(name, blob);
      return name;
    } catch (error) {
      if (isStale()) return null;
      throw error;
    } finally {
      if (!isStale()) await this.cancel();
    }
  }

  /** Ends what is under way; nothing of it is kept. */
  async cancel(): Promise<void> {
    this.#attempt += 1;
    const exportId = this.#exportId;
    this.#exportId = null;
    this.state = { kind: 'none' };
    if (exportId !== null) await this.#forget(exportId);
  }

  /** Null where it was cancelled. */
  async #fetched(setId: string, title: string, isStale: () => boolean): Promise<Blob | null> {
    const { exportId } = await this.#bridge.request('data.export', { setId });
    if (isStale()) {
      await this.#forget(exportId);
      return null;
    }
    this.#exportId = exportId;
    const { byteLength } = await this.#bridge.request('data.exportPack', { exportId });
    // As blobs, which the browser may put on disk: a set can be larger than memory.
    const pieces: Blob[] = [];
    for (let sent = 0; sent < byteLength && !isStale();) {
      this.state = { kind: 'fetching', title, sent, of: byteLength };
      const { bytes } = await this.#bridge.request('data.exportPiece', { exportId, offset: sent });
      if (bytes.length === 0) throw new Error(`Expected ${byteLength} bytes of an export, but got ${sent}`);
      pieces.push(new Blob([new Uint8Array(bytes)]));
      sent += bytes.length;
    }
    return isStale() ? null : new Blob(pieces, { type: 'application/zip' });
  }

  async #forget(exportId: string): Promise<void> {
    try {
      await this.#bridge.request('data.exportClose', { exportId });
    } catch (error) {
      // The engine had forgotten it already, or is gone with it: what was asked for is so.
      if (errorMessageOf(error) === null) throw error;
    }
  }
}
