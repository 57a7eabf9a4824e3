// A file on its way in: its bytes are collected on disk, piece by piece.
import { promises as fs } from 'node:fs';
import { UnrollError } from '../../app/errors';
import { isDiskFull } from '../library/take';

export class IncomingFile {
  readonly #path: string;
  readonly #name: string;
  readonly #byteLength: number;
  readonly #handle: fs.FileHandle;
  #received = 0;

  private constructor(path: string, name: string, byteLength: number, handle: fs.FileHandle) {
    this.#path = path;
    this.#name = name;
    this.#byteLength = byteLength;
    this.#handle = handle;
  }
  /** @param name the file's own, for sentences */
  static async create(path: string, name: string, byteLength: number): Promise<IncomingFile> {
    return new IncomingFile(path, name, byteLength, await fs.open(path, 'wx+', 0o600));
  }

  get received(): number {
    return this.#received;
  }
  get isWhole(): boolean {
    return this.#received === this.#byteLength;
  }

  /**
   * Takes the next piece; what is already there is ignored.
   * @throws UnrollError message.refused for a gap or for more than was announced; file.noRoom
   */
  async add(offset: number, bytes: Uint8Array): Promise<void> {
    if (offset > this.#received) throw refused(`Byte ${offset} does not follow ${this.#received}.`);
    if (offset + bytes.length > this.#byteLength) throw refused(`Only ${this.#byteLength} bytes were announced.`);
    const fresh = bytes.subarray(Math.min(bytes.length, this.#received - offset));
    try {
      for (let done = 0; done < fresh.length;) {
        done += (await this.#handle.write(fresh, done, fresh.length - done, this.#received + done)).bytesWritten;
      }
    } catch (error) {
      if (isDiskFull(error)) throw new UnrollError('file.noRoom', { file: this.#name }, { cause: error });
      throw error;
    }
    this.#received += fresh.length;
  }

  /** The whole file's bytes; it is gone from disk afterwards. */
  async take(): Promise<Uint8Array> {
    try {
      const bytes = new Uint8Array(this.#byteLength);
      for (let done = 0; done < bytes.length;) {
        const { bytesRead } = await this.#handle.read(bytes, done, bytes.length - done, done);
        if (bytesRead === 0) throw new Error(`Expected ${this.#byteLength} bytes, but got ${done}`);
        done += bytesRead;
      }
      return bytes;
    } finally {
      await this.remove();
    }
  }

  async remove(): Promise<void> {
    await this.#handle.close();
    await fs.rm(this.#path, { force: true });
  }
}

const refused = (reason: string): UnrollError => new UnrollError('message.refused', { method: 'files.piece', reason });
