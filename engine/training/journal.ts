// Files that a run only adds to, line by line. A checkpoint knows how long each was; going on from it cuts them back to that.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../library/atomicFile';

/** Every write of a run goes through here. */
export interface RunWriter {
  /** The file is whole or the one before. */
  replace(path: string, data: string | Uint8Array): Promise<void>;
  append(path: string, data: string | Uint8Array): Promise<void>;
}
export const diskWriter: RunWriter = { replace: writeFileAtomic, append: (path, data) => fs.appendFile(path, data) };

/** Length of each journal in bytes. */
export type JournalLengths = Readonly<Record<string, number>>;

const bytesIf = async (path: string): Promise<number> => {
  try {
    return (await fs.stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
};

export class Journals {
  constructor(
    private readonly folder: string,
    private readonly names: readonly string[],
    private readonly writer: RunWriter,
  ) {}

  append(name: string, data: string | Uint8Array): Promise<void> {
    return this.writer.append(join(this.folder, name), data);
  }

  lengthOf(name: string): Promise<number> {
    return bytesIf(join(this.folder, name));
  }

  /** What was added is on the disk now; how long each file is. */
  async flush(): Promise<JournalLengths> {
    const lengths: Record<string, number> = {};
    for (const name of this.names) {
      const path = join(this.folder, name);
      lengths[name] = await bytesIf(path);
      if (lengths[name] === 0) continue;
      const handle = await fs.open(path, 'r+');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
    return lengths;
  }

  /** Takes away what lies after these lengths; a file that is not among them loses everything. */
  async cutBack(lengths: JournalLengths): Promise<void> {
    for (const name of this.names) {
      const path = join(this.folder, name);
      const length = lengths[name] ?? 0;
      if ((await bytesIf(path)) > length) await fs.truncate(path, length);
    }
  }
}
