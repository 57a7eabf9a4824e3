// Counts steps of a growing log without counting the old ones again.

export class Tally {
  readonly #counts: (step: number) => boolean;
  #counted = 0;
  #count = 0;

  constructor(counts: (step: number) => boolean) {
    this.#counts = counts;
  }

  /** Of the steps before `length`; where the log has not grown it may have been written over, and all are counted. */
  upTo(length: number): number {
    if (length <= this.#counted) {
      this.#counted = 0;
      this.#count = 0;
    }
    for (; this.#counted < length; this.#counted++) if (this.#counts(this.#counted)) this.#count += 1;
    return this.#count;
  }
}
