// Work that must not overlap, one after the other per key.
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs it when all earlier work of that key has ended, however it ended. */
  take<R>(key: string, run: () => Promise<R>): Promise<R> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const turn = before.then(run, run);
    const settled = turn.then(
      () => undefined,
      () => undefined, // the error is the caller's; the next in turn does not mind
    );
    this.#last.set(key, settled);
    void settled.then(() => {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    });
    return turn;
  }
}
