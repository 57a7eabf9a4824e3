// What is made once for each name and kept.
export class Once<T> {
  readonly #made = new Map<string, T>();

  get(name: string, make: () => T): T {
    const known = this.#made.get(name);
    if (known !== undefined) return known;
    const made = make();
    this.#made.set(name, made);
    return made;
  }
}
