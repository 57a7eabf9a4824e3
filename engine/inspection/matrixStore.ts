// Matrices over time that are too long for memory: rows in one file on disk, written and read piece by piece.
import { promises as fs } from 'node:fs';
import { UnrollError } from '../../app/errors';

const BYTES = Float32Array.BYTES_PER_ELEMENT;

interface Place {
  /** In bytes. */
  readonly begin: number;
  readonly rows: number;
  readonly width: number;
}

/** Named matrices [rows, width] of 32-bit values; rows that were never written are 0. */
export class MatrixStore {
  readonly #path: string;
  readonly #file: fs.FileHandle;
  readonly #places = new Map<string, Place>();
  #end = 0;
  /** Writes and reads under way: the file is closed after them. */
  readonly #atWork = new Set<Promise<unknown>>();
  #isDisposed = false;

  private constructor(path: string, file: fs.FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  /** @param path a file that is not there yet */
  static async open(path: string): Promise<MatrixStore> {
    return new MatrixStore(path, await fs.open(path, 'wx+'));
  }

  get byteLength(): number {
    return this.#end;
  }

  /** Sets room aside. */
  create(name: string, rows: number, width: number): void {
    if (this.#places.has(name)) throw new Error(`Expected no matrix called ${name} yet`);
    this.#places.set(name, { begin: this.#end, rows, width });
    this.#end += rows * width * BYTES;
  }
  has(name: string): boolean {
    return this.#places.has(name);
  }
  shape(name: string): { readonly rows: number; readonly width: number } {
    return this.#place(name);
  }

  /** @param values [n, width] */
  write(name: string, firstRow: number, values: Float32Array): Promise<void> {
    const { begin, rows, width } = this.#place(name);
    if (firstRow < 0 || firstRow * width + values.length > rows * width)
      throw new RangeError(`Expected rows of ${name} within ${rows}, but got ${firstRow} and ${values.length} values`);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return this.#during(async () => {
      for (let done = 0; done < bytes.length;) {
        const position = begin + firstRow * width * BYTES + done;
        done += (await this.#file.write(bytes, done, bytes.length - done, position)).bytesWritten;
      }
    });
  }

  /** Rows [firstRow, firstRow + count), fewer at the end, [·, width]. */
  read(name: string, firstRow: number, count: number): Promise<Float32Array> {
    const { begin, rows, width } = this.#place(name);
    const n = Math.max(0, Math.min(count, rows - firstRow));
    const values = new Float32Array(n * width);
    const bytes = new Uint8Array(values.buffer);
    return this.#during(async () => {
      for (let done = 0; done < bytes.length;) {
        const position = begin + firstRow * width * BYTES + done;
        const { bytesRead } = await this.#file.read(bytes, done, bytes.length - done, position);
        if (bytesRead === 0) break; // past what was written: zeros
        done += bytesRead;
      }
      return values;
    });
  }

  /** Takes the file away. */
  async dispose(): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    await Promise.allSettled(this.#atWork);
    await this.#file.close();
    await fs.rm(this.#path, { force: true });
  }

  /** @throws UnrollError inspection.closed, inspection.noRoom */
  async #during<R>(work: () => Promise<R>): Promise<R> {
    if (this.#isDisposed) throw new UnrollError('inspection.closed');
    const running = work();
    this.#atWork.add(running);
    try {
      return await running;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      throw new UnrollError('inspection.noRoom', {}, { cause: error });
    } finally {
      this.#atWork.delete(running);
    }
  }
  #place(name: string): Place {
    const place = this.#places.get(name);
    if (place === undefined) throw new Error(`Expected a matrix called ${name}`);
    return place;
  }
}
