// NumPy's archive of arrays (numpy.lib.format, version 1.0, in a zip of stored entries), so that numpy.load opens what was seen.
import { promises as fs } from 'node:fs';
import { UnrollError } from '../../app/errors';
import { crc32 } from '../library/checksum';

/** Where a zip's 32-bit sizes and places end. */
const MAX_BYTES = 2 ** 32 - 1;
const LOCAL_HEADER_BYTES = 30;
const CENTRAL_HEADER_BYTES = 46;
const END_BYTES = 22;
/** Version of the format that a reader needs; no date is told: the first that can be. */
const VERSION = 20;
const FIRST_DAY = 0x21;
const UTF8_NAMES = 0x0800;
/** The header of an array ends at a multiple of so many bytes. */
const ALIGNMENT = 64;

interface Entry {
  readonly name: Buffer;
  readonly begin: number;
  size: number;
  crc: number;
}

/** An archive that is written entry after entry, in memory that does not grow with it. */
export class NpzWriter {
  readonly #path: string;
  readonly #file: fs.FileHandle;
  readonly #entries: Entry[] = [];
  #end = 0;

  private constructor(path: string, file: fs.FileHandle) {
    this.#path = path;
    this.#file = file;
  }
  /** In the place of whatever is there. */
  static async open(path: string): Promise<NpzWriter> {
    return new NpzWriter(path, await fs.open(path, 'w'));
  }

  /**
   * One array of 32-bit values.
   * @param pieces rows after rows, all of them together as many values as the shape has
   * @throws UnrollError inspection.tooLarge
   */
  async add(name: string, shape: readonly number[], pieces: AsyncIterable<Float32Array>): Promise<void> {
    const entry: Entry = { name: Buffer.from(`${name}.npy`), begin: this.#end, size: 0, crc: 0 };
    this.#entries.push(entry);
    // Size and checksum are put in once they are known.
    await this.#append(localHeader(entry));
    await this.#appendTo(entry, arrayHeader(shape));
    let values = 0;
    for await (const piece of pieces) {
      await this.#appendTo(entry, Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
      values += piece.length;
    }
    const expected = shape.reduce((product, size) => product * size, 1);
    if (values !== expected) throw new Error(`Expected ${expected} values of ${name}, but got ${values}`);
    await this.#write(localHeader(entry), entry.begin);
  }

  /** Writes the directory: without it nothing can be opened. */
  async finish(): Promise<void> {
    const begin = this.#end;
    for (const entry of this.#entries) await this.#append(centralHeader(entry));
    const end = Buffer.alloc(END_BYTES);
    end.writeUInt32LE(0x06054b50, 0);
    end.writeUInt16LE(this.#entries.length, 8);
    end.writeUInt16LE(this.#entries.length, 10);
    end.writeUInt32LE(this.#end - begin, 12);
    end.writeUInt32LE(begin, 16);
    await this.#append(end);
  }
  async close(): Promise<void> {
    await this.#file.close();
  }

  async #appendTo(entry: Entry, bytes: Buffer): Promise<void> {
    entry.crc = crc32(bytes, entry.crc);
    entry.size += bytes.length;
    await this.#append(bytes);
  }
  async #append(bytes: Buffer): Promise<void> {
    if (this.#end + bytes.length > MAX_BYTES) throw new UnrollError('inspection.tooLarge', { file: this.#path });
    await this.#write(bytes, this.#end);
    this.#end += bytes.length;
  }
  async #write(bytes: Buffer, position: number): Promise<void> {
    for (let done = 0; done < bytes.length;)
      done += (await this.#file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}

function localHeader({ name, size, crc }: Entry): Buffer {
  const header = Buffer.alloc(LOCAL_HEADER_BYTES + name.length);
  header.writeUInt32LE(0x04034b50, 0);
  writeCommon(header, 4, { size, crc, nameLength: name.length });
  name.copy(header, LOCAL_HEADER_BYTES);
  return header;
}
function centralHeader({ name, begin, size, crc }: Entry): Buffer {
  const header = Buffer.alloc(CENTRAL_HEADER_BYTES + name.length);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(VERSION, 4);
  writeCommon(header, 6, { size, crc, nameLength: name.length });
  header.writeUInt32LE(begin, 42);
  name.copy(header, CENTRAL_HEADER_BYTES);
  return header;
}
/** What both headers have in common: stored, not compressed. */
function writeCommon(
  header: Buffer,
  at: number,
  { size, crc, nameLength }: { readonly size: number; readonly crc: number; readonly nameLength: number },
): void {
  header.writeUInt16LE(VERSION, at);
  header.writeUInt16LE(UTF8_NAMES, at + 2);
  header.writeUInt16LE(FIRST_DAY, at + 8);
  header.writeUInt32LE(crc, at + 10);
  header.writeUInt32LE(size, at + 14);
  header.writeUInt32LE(size, at + 18);
  header.writeUInt16LE(nameLength, at + 22);
}

function arrayHeader(shape: readonly number[]): Buffer {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = 10;
  const length = Math.ceil((start + text.length + 1) / ALIGNMENT) * ALIGNMENT - start;
  const header = Buffer.alloc(start + length, ' ');
  header.write('\x93NUMPY', 0, 'latin1');
  header[6] = 1;
  header[7] = 0;
  header.writeUInt16LE(length, 8);
  header.write(text, start, 'latin1');
  header.write('\n', start + length - 1, 'latin1');
  return header;
}
