// One import at a time: files are picked, sent in pieces, and read by the engine as a data set.
import type { ImportFormat, ImportReport } from '../../../app/contract/dataset';
import type { DataSet } from '../../../app/contract/dataSets';
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';
import type { Picked, PickedFile } from './pickedFiles';
import { forgetUpload, sendFiles, sizeOfAll } from './upload';

export type ImportState =
  | { readonly kind: 'none' }
  | { readonly kind: 'picked' }
  /** Bytes sent, of all. */
  | { readonly kind: 'sending'; readonly sent: number; readonly of: number }
  /** Recordings read; `of` is 0 while it is not known how many there are. */
  | { readonly kind: 'reading'; readonly done: number; readonly of: number }
  /** No set where not one recording could be taken. */
  | { readonly kind: 'done'; readonly set: DataSet | null; readonly report: ImportReport }
  /** A whole set was opened as it was saved. */
  | { readonly kind: 'opened'; readonly set: DataSet }
  | { readonly kind: 'failed'; readonly error: ErrorMessage };

const MAX_TITLE = 200;

export class DataImport {
  state = $state.raw<ImportState>({ kind: 'none' });
  picked = $state.raw<Picked | null>(null);
  title = $state('');
  /** Null: found by what is there. */
  format = $state<ImportFormat | null>(null);
  /** Whether recordings that are in a set already are taken all the same. */
  takesKnown = $state(false);
  readonly isWorking = $derived(this.state.kind === 'sending' || this.state.kind === 'reading');
  readonly #bridge: Bridge;
  readonly #onSet: (set: DataSet) => void;
  #uploadId: string | null = null;
  /** What is still there of an import that made no set: the same files can be read as another format. */
  #heldId: string | null = null;
  /** Counts attempts, so that one that was cancelled says nothing any more. */
  #attempt = 0;

  /** @param onSet a new set is there */
  constructor(bridge: Bridge, onSet: (set: DataSet) => void) {
    this.#bridge = bridge;
    this.#onSet = onSet;
  }

  /** Hears the engine until the returned function is called. */
  follow(): () => void {
    return this.#bridge.on('data.importing', ({ uploadId, done, of }) => {
      if (uploadId === this.#uploadId && this.isWorking) this.state = { kind: 'reading', done, of };
    });
  }

  /** Takes what was picked, where nothing is under way. */
  pick(picked: Picked): void {
    if (this.isWorking) return;
    this.#letGo();
    this.picked = picked;
    this.title = picked.name.slice(0, MAX_TITLE);
    this.format = null;
    this.takesKnown = false;
    this.state = { kind: 'picked' };
  }

  get byteLength(): number {
    return sizeOfAll(this.picked?.files ?? []);
  }

  /** The same files once more. Of what the reading before made nothing counts as being there, and it is for the caller to remove. */
  startAgain(): Promise<void> {
    return this.start(this.state.kind === 'done' ? this.state.set : null);
  }

  async start(replaced: DataSet | null = null): Promise<void> {
    const { picked } = this;
    if (picked === null || this.isWorking) return;
    const attempt = ++this.#attempt;
    this.state = { kind: 'sending', sent: 0, of: this.byteLength };
    try {
      await this.#run(picked, replaced?.id ?? null, () => attempt !== this.#attempt);
    } catch (error) {
      await this.#failed(error, attempt);
    }
  }

  /** Ends what is under way; nothing of it is kept. What was picked stays. */
  async cancel(): Promise<void> {
    this.#attempt += 1;
    const uploadId = this.#uploadId;
    this.#uploadId = null;
    this.state = { kind: this.picked === null ? 'none' : 'picked' };
    if (uploadId !== null) await this.#forget(uploadId);
  }

  clear(): void {
    if (this.isWorking) return;
    this.#letGo();
    this.picked = null;
    this.state = { kind: 'none' };
  }

  async #run({ files }: Picked, replaces: string | null, isStale: () => boolean): Promise<void> {
    const uploadId = this.#heldId ?? (await this.#upload(files, isStale));
    this.#heldId = null;
    if (isStale()) return;
    this.#uploadId = uploadId;
    this.state = { kind: 'reading', done: 0, of: 0 };
    const alreadyThere = this.takesKnown ? 'take' : 'leave-out';
    const asked = { uploadId, format: this.format, alreadyThere, replaces } as const;
    const { set, report } = await this.#bridge.request('data.import', asked);
    if (isStale()) return;
    this.#uploadId = null;
    if (set === null) this.#heldId = uploadId;
    if (report !== null) this.state = { kind: 'done', set, report };
    else if (set !== null) this.state = { kind: 'opened', set };
    else throw new Error('Expected a set or a report of an import');
    if (set) this.#onSet(set);
  }

  async #upload(files: readonly PickedFile[], isStale: () => boolean): Promise<string> {
    const title = this.title.trim() || files[0]?.file.name || '?';
    const body = { title: title.slice(0, MAX_TITLE), files: files.length, byteLength: this.byteLength };
    const { uploadId } = await this.#bridge.request('data.upload', body);
    if (isStale()) {
      await this.#forget(uploadId);
      return uploadId;
    }
    this.#uploadId = uploadId;
    const onSent = (bytes: number): void => {
      if (this.state.kind === 'sending') this.state = { ...this.state, sent: this.state.sent + bytes };
    };
    await sendFiles(this.#bridge, uploadId, files, { isStale, onSent });
    return uploadId;
  }

  #letGo(): void {
    if (this.#heldId !== null) void this.#forget(this.#heldId);
    this.#heldId = null;
  }

  async #failed(error: unknown, attempt: number): Promise<void> {
    if (attempt !== this.#attempt) return;
    // The other files that are on their way end with it.
    this.#attempt += 1;
    const uploadId = this.#uploadId;
    this.#uploadId = null;
    const message = errorMessageOf(error);
    this.state = { kind: 'failed', error: message ?? { code: 'bug', message: String(error), params: {} } };
    if (uploadId !== null) await this.#forget(uploadId);
    if (message === null) throw error;
  }

  #forget(uploadId: string): Promise<void> {
    return forgetUpload(this.#bridge, uploadId);
  }
}
