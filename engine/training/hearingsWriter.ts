// What validation heard, on disk while a run goes on. An epoch of few recordings is over sooner than a disk has written.
import type { Hearings } from './records';
import type { RunFolder } from './runFolder';

/** They are for people's eyes. */
export const HEARINGS_EVERY_MS = 1_000;
/** A slow disk is given so many times as long as it took: a run waits for it a twentieth of its time at the most. */
const REST_SHARE = 20;

export class HearingsWriter {
  readonly #folder: Pick<RunFolder, 'writeHearings'>;
  #waiting: Hearings | null = null;
  /** On the clock of performance.now(). */
  #dueAt = -Infinity;

  constructor(folder: Pick<RunFolder, 'writeHearings'>) {
    this.#folder = folder;
  }

  /** Written at once where it is the last, or a second has passed since the one before (more where the disk is slow); else with the next or by `flush`. */
  async put(hearings: Hearings, isLast: boolean): Promise<void> {
    this.#waiting = hearings;
    if (isLast || performance.now() >= this.#dueAt) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#waiting === null) return;
    const startedAt = performance.now();
    await this.#folder.writeHearings(this.#waiting);
    this.#waiting = null;
    const now = performance.now();
    this.#dueAt = now + Math.max(HEARINGS_EVERY_MS, REST_SHARE * (now - startedAt));
  }
}
