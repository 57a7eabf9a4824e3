// Where the symbols of alignments lie: lists from the last symbol back, shared between alignments, in typed arrays.

const FIRST_CAPACITY = 1024;
/** The list without a symbol. */
export const NO_SYMBOL = -1;

export interface Placed {
  readonly classIndex: number;
  readonly startFrame: number;
  /** Exclusive. */
  readonly endFrame: number;
  readonly posteriorSum: number;
}

export class PlacedSymbols {
  #before = new Int32Array(FIRST_CAPACITY);
  #class = new Int16Array(FIRST_CAPACITY);
  #start = new Int32Array(FIRST_CAPACITY);
  #end = new Int32Array(FIRST_CAPACITY);
  #posteriorSum = new Float64Array(FIRST_CAPACITY);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** @returns the list that ends with this symbol */
  add(before: number, classIndex: number, startFrame: number, endFrame: number, posteriorSum: number): number {
    if (this.#size === this.#before.length) this.#grow();
    const at = this.#size++;
    this.#before[at] = before;
    this.#class[at] = classIndex;
    this.#start[at] = startFrame;
    this.#end[at] = endFrame;
    this.#posteriorSum[at] = posteriorSum;
    return at;
  }

  /** The last symbols of a list, in order. */
  last(list: number, count: number): Placed[] {
    const symbols: Placed[] = [];
    for (let at = list; symbols.length < count; at = this.#before[at]!)
      symbols.push({
        classIndex: this.#class[at]!,
        startFrame: this.#start[at]!,
        endFrame: this.#end[at]!,
        posteriorSum: this.#posteriorSum[at]!,
      });
    return symbols.reverse();
  }
  endOf(list: number): number {
    return this.#end[list]!;
  }

  /**
   * Keeps of each list its last symbols alone.
   * @param lists in use; @param counts symbols that are still asked for, of each
   * @returns where each list is now
   */
  compact(lists: Int32Array, counts: Int32Array): Int32Array {
    const isKept = new Uint8Array(this.#size);
    lists.forEach((list, index) => {
      let at = list;
      for (let left = counts[index]!; left > 0 && isKept[at] === 0; left--) {
        isKept[at] = 1;
        at = this.#before[at]!;
      }
    });
    const movedTo = new Int32Array(this.#size).fill(NO_SYMBOL);
    let size = 0;
    for (let at = 0; at < this.#size; at++) {
      if (isKept[at] === 0) continue;
      const before = this.#before[at]!;
      this.#before[size] = before === NO_SYMBOL ? NO_SYMBOL : movedTo[before]!;
      this.#class[size] = this.#class[at]!;
      this.#start[size] = this.#start[at]!;
      this.#end[size] = this.#end[at]!;
      this.#posteriorSum[size] = this.#posteriorSum[at]!;
      movedTo[at] = size++;
    }
    this.#size = size;
    return movedTo;
  }

  fork(): PlacedSymbols {
    const copy = new PlacedSymbols();
    copy.#before = this.#before.slice();
    copy.#class = this.#class.slice();
    copy.#start = this.#start.slice();
    copy.#end = this.#end.slice();
    copy.#posteriorSum = this.#posteriorSum.slice();
    copy.#size = this.#size;
    return copy;
  }

  #grow(): void {
    const capacity = 2 * this.#before.length;
    const moved = <A extends Int32Array | Int16Array | Float64Array>(from: A, to: A): A => {
      to.set(from);
      return to;
    };
    this.#before = moved(this.#before, new Int32Array(capacity));
    this.#class = moved(this.#class, new Int16Array(capacity));
    this.#start = moved(this.#start, new Int32Array(capacity));
    this.#end = moved(this.#end, new Int32Array(capacity));
    this.#posteriorSum = moved(this.#posteriorSum, new Float64Array(capacity));
  }
}
