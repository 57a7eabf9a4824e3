// Sets on their way out to the window: packed as one file in a folder that nobody else may enter, and fetched from there in pieces.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { MAX_PIECE_BYTES } from '../../app/contract/dataSets';
import type { EventOf, ReplyOf, RequestOf } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import { newId } from '../library/recordingFiles';
import { isDiskFull } from '../library/take';
import { Turns } from '../library/turns';
import type { DataSets } from './dataSets';
import { progressReports } from './progressReports';
import { ARCHIVE_SUFFIX, writeSet } from './setArchive';

/** Exports that may be on their way at once: each takes as much room on disk as its set. */
const MAX_EXPORTS = 4;

export interface ExportsOptions {
  /** For what is on its way; emptied at the start. */
  readonly folder: string;
  readonly sets: DataSets;
  readonly onProgress: (event: EventOf<'data.exporting'>) => void;
}

interface Export {
  readonly setId: string;
  readonly file: string;
  readonly stop: AbortController;
  /** Null until the file is whole. */
  byteLength: number | null;
}

export class Exports {
  readonly #options: ExportsOptions;
  readonly #exports = new Map<string, Export>();
  readonly #turns = new Turns();

  private constructor(options: ExportsOptions) {
    this.#options = options;
  }
  static async open(options: ExportsOptions): Promise<Exports> {
    await fs.rm(options.folder, { recursive: true, force: true });
    await fs.mkdir(options.folder, { recursive: true, mode: 0o700 });
    return new Exports(options);
  }

  /** @throws UnrollError message.refused */
  async begin({ setId }: RequestOf<'data.export'>): Promise<ReplyOf<'data.export'>> {
    if (this.#exports.size >= MAX_EXPORTS) throw refused('data.export', `${MAX_EXPORTS} exports are under way.`);
    const exportId = newId();
    const file = join(this.#options.folder, `${exportId}${ARCHIVE_SUFFIX}`);
    this.#exports.set(exportId, { setId, file, stop: new AbortController(), byteLength: null });
    return { exportId };
  }

  /** @throws UnrollError message.refused, dataset.missing, file.missing, dataset.exportNoRoom, dataset.exportStopped */
  pack({ exportId }: RequestOf<'data.exportPack'>): Promise<ReplyOf<'data.exportPack'>> {
    return this.#turns.take(exportId, async () => {
      const { sets, onProgress } = this.#options;
      const wanted = this.#export(exportId, 'data.exportPack');
      wanted.byteLength ??= await writeSet(await sets.whole(wanted.setId), wanted.file, {
        signal: wanted.stop.signal,
        onProgress: progressReports((done, of) => onProgress({ exportId, done, of })),
      }).catch((error: unknown) => {
        throw isDiskFull(error) ? new UnrollError('dataset.exportNoRoom', {}, { cause: error }) : error;
      });
      return { byteLength: wanted.byteLength };
    });
  }

  /** Bytes of the packed file from `offset` on; none at its end. @throws UnrollError message.refused */
  piece({ exportId, offset }: RequestOf<'data.exportPiece'>): Promise<ReplyOf<'data.exportPiece'>> {
    return this.#turns.take(exportId, async () => {
      const { file, byteLength } = this.#export(exportId, 'data.exportPiece');
      if (byteLength === null) throw refused('data.exportPiece', 'The file is not whole yet.');
      const bytes = new Uint8Array(Math.max(0, Math.min(MAX_PIECE_BYTES, byteLength - offset)));
      const handle = await fs.open(file, 'r');
      try {
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset);
        return { bytes: bytes.subarray(0, bytesRead) };
      } finally {
        await handle.close();
      }
    });
  }

  /** Ends it in whatever state it is; one that is over already stays as it is. */
  async close({ exportId }: RequestOf<'data.exportClose'>): Promise<void> {
    const wanted = this.#exports.get(exportId);
    wanted?.stop.abort(new UnrollError('dataset.exportStopped'));
    await this.#turns.take(exportId, async () => {
      if (wanted === undefined) return;
      this.#exports.delete(exportId);
      await fs.rm(wanted.file, { force: true });
    });
  }

  #export(id: string, method: string): Export {
    const wanted = this.#exports.get(id);
    if (wanted === undefined) throw refused(method, 'No such export is under way.');
    return wanted;
  }
}

const refused = (method: string, reason: string): UnrollError => new UnrollError('message.refused', { method, reason });
