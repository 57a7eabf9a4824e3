// The recording that is open before one is chosen: the newest at first. Those that come later do not take its place, but for a file
// that was given alone, whose text is what the person waits for.
import { untrack } from 'svelte';
import type { RecordingSummary } from '../../../app/contract/recording';
import type { FileQueue } from '../files/queue.svelte';
import type { Recordings } from './recordings.svelte';

export class OpenRecording {
  #id = $state<string | null>(null);
  readonly #recordings: Recordings;
  readonly #files: FileQueue;
  /** The file that came alone and is open already, or was there before. */
  #seen: string | null;

  constructor(recordings: Recordings, files: FileQueue) {
    this.#recordings = recordings;
    this.#files = files;
    this.#seen = untrack(() => files.ofOneAlone);
  }

  readonly recording: RecordingSummary | null = $derived.by(
    () => this.#recordings.byId(this.#id) ?? this.#recordings.all[0] ?? null,
  );

  /** To be called again with every change. */
  follow(): void {
    const alone = this.#files.ofOneAlone;
    if (alone !== null && alone !== this.#seen && this.#recordings.byId(alone) !== null) {
      this.#seen = alone;
      if (!isAtWork()) this.#id = alone;
    } else if (this.recording !== null) this.#id = this.recording.id;
  }
}

/** Whether the person is in the recording that is open. */
const isAtWork = (): boolean => (document.activeElement?.closest('.detail') ?? null) !== null;
