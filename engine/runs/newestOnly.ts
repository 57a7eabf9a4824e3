// Work that is asked for again and again while one thing is still tried out: what nobody waits for any more is not begun.
export class NewestOnly<Q, R> {
  readonly #work: (question: Q) => Promise<R>;
  #last: Promise<unknown> = Promise.resolve();
  #newest = 0;

  constructor(work: (question: Q) => Promise<R>) {
    this.#work = work;
  }

  /** Null where something newer was asked for before its turn came. */
  ask(question: Q): Promise<R | null> {
    const own = ++this.#newest;
    const answer = this.#last.then(() => (own === this.#newest ? this.#work(question) : null));
    this.#last = answer.catch(() => undefined); // the error is the asker's
    return answer;
  }
}
