// The prefixes of a beam as a tree in typed arrays: a node is a labelling, its symbols the way up to the root.

const NONE = -1;
const FIRST_CAPACITY = 1024;

/** Hears how nodes are made and moved, to keep something of its own for each. */
export interface NodeCompanion {
  /** Room for so many nodes is needed. */
  reserve(capacity: number): void;
  /** @returns false where no labelling may go on this way */
  extend(parent: number, child: number, classIndex: number): boolean;
  move(from: number, to: number): void;
}

export class PrefixTree {
  #parent = new Int32Array(FIRST_CAPACITY);
  #class = new Int16Array(FIRST_CAPACITY);
  #depth = new Int32Array(FIRST_CAPACITY);
  #firstChild = new Int32Array(FIRST_CAPACITY);
  #nextSibling = new Int32Array(FIRST_CAPACITY);
  #isClosed = new Uint8Array(FIRST_CAPACITY);
  #size = 1;
  #root = 0;
  readonly #companion: NodeCompanion | null;

  /** Its first root is node 0, of which the companion knows already. */
  constructor(companion: NodeCompanion | null) {
    this.#companion = companion;
    companion?.reserve(FIRST_CAPACITY);
    this.#parent[0] = this.#class[0] = this.#firstChild[0] = this.#nextSibling[0] = NONE;
  }

  get root(): number {
    return this.#root;
  }
  get size(): number {
    return this.#size;
  }
  /** Symbols from the very first root on. */
  depthOf(node: number): number {
    return this.#depth[node]!;
  }
  /** The last symbol; -1 at the first root. */
  classOf(node: number): number {
    return this.#class[node]!;
  }
  parentOf(node: number): number {
    return this.#parent[node]!;
  }

  /** @returns -1 where no labelling may go on this way */
  childOf(parent: number, classIndex: number): number {
    for (let child = this.#firstChild[parent]!; child !== NONE; child = this.#nextSibling[child]!)
      if (this.#class[child] === classIndex) return this.#isClosed[child] === 1 ? NONE : child;
    if (this.#size === this.#parent.length) this.#grow();
    const child = this.#size++;
    this.#parent[child] = parent;
    this.#class[child] = classIndex;
    this.#depth[child] = this.#depth[parent]! + 1;
    this.#firstChild[child] = NONE;
    this.#nextSibling[child] = this.#firstChild[parent]!;
    this.#firstChild[parent] = child;
    const isOpen = this.#companion?.extend(parent, child, classIndex) ?? true;
    this.#isClosed[child] = isOpen ? 0 : 1;
    return isOpen ? child : NONE;
  }

  /** The longest prefix that both begin with. */
  common(a: number, b: number): number {
    while (a !== b) {
      if (this.#depth[a]! >= this.#depth[b]!) a = this.#parent[a]!;
      else b = this.#parent[b]!;
    }
    return a;
  }
  /** The prefix of so many symbols that the node begins with. */
  ancestor(node: number, depth: number): number {
    while (this.#depth[node]! > depth) node = this.#parent[node]!;
    return node;
  }

  /** From now on the tree begins here. Every node in use lies below. */
  settle(root: number): void {
    this.#root = root;
  }

  /** Keeps the root and what leads to the nodes in use alone. @returns where each node is now; -1: gone */
  compact(inUse: Int32Array): Int32Array {
    const movedTo = new Int32Array(this.#size).fill(NONE);
    const MARK = -2;
    movedTo[this.#root] = MARK;
    for (const used of inUse)
      for (let node = used; movedTo[node] !== MARK; node = this.#parent[node]!) movedTo[node] = MARK;
    let size = 0;
    // A child always comes after its parent.
    for (let node = 0; node < this.#size; node++) {
      if (movedTo[node] !== MARK) continue;
      const parent = node === this.#root ? NONE : movedTo[this.#parent[node]!]!;
      movedTo[node] = size;
      this.#parent[size] = parent;
      this.#class[size] = this.#class[node]!;
      this.#depth[size] = this.#depth[node]!;
      this.#isClosed[size] = 0;
      this.#firstChild[size] = this.#nextSibling[size] = NONE;
      if (parent !== NONE) {
        this.#nextSibling[size] = this.#firstChild[parent]!;
        this.#firstChild[parent] = size;
      }
      this.#companion?.move(node, size);
      size++;
    }
    this.#root = movedTo[this.#root]!;
    this.#size = size;
    return movedTo;
  }

  /** A tree of its own. @param companion that tree's, which knows the nodes already */
  fork(companion: NodeCompanion | null): PrefixTree {
    const copy = new PrefixTree(companion);
    copy.#parent = this.#parent.slice();
    copy.#class = this.#class.slice();
    copy.#depth = this.#depth.slice();
    copy.#firstChild = this.#firstChild.slice();
    copy.#nextSibling = this.#nextSibling.slice();
    copy.#isClosed = this.#isClosed.slice();
    copy.#size = this.#size;
    copy.#root = this.#root;
    return copy;
  }

  #grow(): void {
    const capacity = 2 * this.#parent.length;
    const moved = <A extends Int32Array | Int16Array | Uint8Array>(from: A, to: A): A => {
      to.set(from);
      return to;
    };
    this.#parent = moved(this.#parent, new Int32Array(capacity));
    this.#class = moved(this.#class, new Int16Array(capacity));
    this.#depth = moved(this.#depth, new Int32Array(capacity));
    this.#firstChild = moved(this.#firstChild, new Int32Array(capacity));
    this.#nextSibling = moved(this.#nextSibling, new Int32Array(capacity));
    this.#isClosed = moved(this.#isClosed, new Uint8Array(capacity));
    this.#companion?.reserve(capacity);
  }
}
