// Writes the text of a recording to a file while it is spoken: of the recording under way, or of the next one.
import type { LiveFormat } from '../../../app/contract/liveFile';
import { LiveTranscript, type SettledLine } from '../../../app/transcripts/live';
import type { LiveTarget } from './liveTarget';

interface Writing {
  readonly target: LiveTarget;
  readonly transcript: LiveTranscript;
  /** Done when all texts so far are on disk. */
  written: Promise<void>;
  hasBegun: boolean;
}

export class LiveFile {
  /** What the file is called; null while none is written. */
  name = $state<string | null>(null);
  #writing: Writing | null = null;
  readonly #onFailed: (error: unknown) => void;

  /** @param onFailed a file that cannot be written any more is left as it is */
  constructor(onFailed: (error: unknown) => void) {
    this.#onFailed = onFailed;
  }

  begin(target: LiveTarget, format: LiveFormat): void {
    const transcript = new LiveTranscript(format);
    this.#writing = { target, transcript, written: Promise.resolve(), hasBegun: false };
    this.name = target.name;
    this.#append(this.#writing, transcript.head);
  }

  /**
   * Takes what has settled.
   * @param isLive whether the recording goes on; the file is whole once it does not
   */
  take(lines: readonly SettledLine[], isLive: boolean): void {
    const writing = this.#writing;
    if (!writing || (!isLive && !writing.hasBegun)) return;
    writing.hasBegun = true;
    this.#append(writing, writing.transcript.take(lines, !isLive));
    if (!isLive) void this.#close();
  }

  /** Ends the file with what has settled so far. */
  async end(lines: readonly SettledLine[]): Promise<void> {
    if (this.#writing?.hasBegun) this.#append(this.#writing, this.#writing.transcript.take(lines, true));
    await this.#close();
  }

  async #close(): Promise<void> {
    const writing = this.#writing;
    this.#writing = null;
    this.name = null;
    if (!writing) return;
    await writing.written;
    await writing.target.close();
  }

  #append(writing: Writing, text: string): void {
    if (text === '') return;
    writing.written = writing.written.then(async () => {
      try {
        await writing.target.append(text);
      } catch (error) {
        if (this.#writing === writing) this.#writing = this.name = null;
        this.#onFailed(error);
        await writing.target.close();
      }
    });
  }
}
