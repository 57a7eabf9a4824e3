// The line of now over figures that scroll while sound comes a tenth of a second at a time.

export class NowLine {
  readonly #behindMs: number;
  readonly #spanMs: number;
  #shownMs = 0;

  /**
   * @param behindMs so far it runs behind the newest sound, so that it never has to wait
   * @param spanMs what the figures show from edge to edge
   */
  constructor(behindMs: number, spanMs: number) {
    this.#behindMs = behindMs;
    this.#spanMs = spanMs;
  }

  /**
   * Time under the line, in milliseconds of the recording.
   * @param elapsedMs of the newest sound
   * @param heardAt when that arrived, and `now`, on the clock of performance.now()
   */
  at(elapsedMs: number, heardAt: number, now = performance.now()): number {
    const wanted = Math.min(elapsedMs, elapsedMs - this.#behindMs + now - heardAt);
    // Never back, except at the beginning of the next recording.
    this.#shownMs = elapsedMs < this.#shownMs - this.#spanMs ? wanted : Math.max(this.#shownMs, wanted);
    return Math.min(this.#shownMs, elapsedMs);
  }
}
