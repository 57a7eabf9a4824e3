// What validation heard, on disk while a run goes on. An epoch of few recordings is over sooner than a disk has written.
import type { Hearings } from './records';
import type { RunFolder } from './runFolder';

/** They are for people's eyes. */
export const HEARINGS_EVERY_MS = 1_000;

export class HearingsWriter {
  readonly #folder: Pick<RunFolder, 'writeHearings'>;
  #waiting: Hearings | null = null;
  #writtenAt = -Infinity;

  constructor(folder: Pick<RunFolder, 'writeHearings'>) {
    this.#folder = folder;
  }

  /** Written at once where it is the last, or a second has passed since the one before; else with the next or by `flush`. */
  async put(hearings: Hearings, isLast: boolean): Promise<void> {
    this.#waiting = hearings;
    if (isLast || performance.now() - this.#writtenAt >= HEARINGS_EVERY_MS) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#waiting === null) return;
    await this.#folder.writeHearings(this.#waiting);
    this.#waiting = null;
    this.#writtenAt = performance.now();
  }
}
