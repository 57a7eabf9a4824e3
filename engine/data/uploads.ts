// Folders on their way in from the window: files are staged as they come, piece by piece, in a folder that nobody else may enter;
// the importers then read that stage and nothing outside it.
import { promises as fs } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EventOf, ReplyOf, RequestOf } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import { newId } from '../library/recordingFiles';
import { isDiskFull } from '../library/take';
import { Turns } from '../library/turns';
import type { DataSets } from './dataSets';
import { progressReports } from './progressReports';
import { importSet, openSavedSet, type SetImport } from './setImport';
import { isArchive } from './zipEntries';

/** Uploads that may be on their way at once. */
const MAX_UPLOADS = 8;
/** Of every file system that is met: bytes of a name, and of a path below the stage. */
const MAX_NAME_BYTES = 255;
const MAX_PLACE_BYTES = 2048;
/** Names that Windows keeps for itself, and signs and ends that it does not allow. */
const WINDOWS_RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)|[<>:"|?*\p{Cc}]|[. ]$/iu;

export interface UploadsOptions {
  /** For what is on its way; emptied at the start. On the same file system as the sets. */
  readonly folder: string;
  readonly sets: DataSets;
  readonly onProgress: (event: EventOf<'data.importing'>) => void;
  readonly isWindows?: boolean;
}

interface Upload {
  readonly id: string;
  readonly title: string;
  readonly announced: { readonly files: number; readonly byteLength: number };
  readonly stop: AbortController;
  /** Bytes that are there, by place. */
  readonly files: Map<string, number>;
  /** Folders and files by their place without regard to case, so that no two become one on another disk. */
  readonly names: Map<string, string>;
  received: number;
}

export class Uploads {
  readonly #options: UploadsOptions;
  readonly #uploads = new Map<string, Upload>();
  readonly #turns = new Turns();

  private constructor(options: UploadsOptions) {
    this.#options = options;
  }
  static async open(options: UploadsOptions): Promise<Uploads> {
    await fs.rm(options.folder, { recursive: true, force: true });
    await fs.mkdir(options.folder, { recursive: true, mode: 0o700 });
    return new Uploads(options);
  }

  /** @throws UnrollError message.refused */
  async begin({ title, files, byteLength }: RequestOf<'data.upload'>): Promise<ReplyOf<'data.upload'>> {
    if (this.#uploads.size >= MAX_UPLOADS) throw refused('data.upload', `${MAX_UPLOADS} uploads are under way.`);
    const id = newId();
    await fs.mkdir(this.#stage(id), { recursive: true, mode: 0o700 });
    this.#uploads.set(id, {
      id,
      title,
      announced: { files, byteLength },
      stop: new AbortController(),
      files: new Map(),
      names: new Map(),
      received: 0,
    });
    return { uploadId: id };
  }

  /**
   * Takes the next piece of a file; what is already there is ignored.
   * @throws UnrollError message.refused, dataset.uploadTooMuch, dataset.uploadName, dataset.uploadSameName, dataset.uploadGap, file.noRoom
   */
  piece({ uploadId, place, offset, bytes }: RequestOf<'data.piece'>): Promise<ReplyOf<'data.piece'>> {
    return this.#turns.take(uploadId, async () => {
      const upload = this.#upload(uploadId, 'data.piece');
      const file = place.join('/');
      const there = upload.files.get(file);
      if (there === undefined) this.#checkPlace(upload, place);
      const received = there ?? 0;
      if (offset > received) throw new UnrollError('dataset.uploadGap', { file });
      const fresh = bytes.subarray(Math.min(bytes.length, received - offset));
      checkAnnounced(upload, fresh.length, there === undefined);
      await this.#write(join(this.#stage(uploadId), ...place), { file, fresh, received, isNew: there === undefined });
      if (there === undefined) for (const [key, name] of namesOf(place)) upload.names.set(key, name);
      upload.files.set(file, received + fresh.length);
      upload.received += fresh.length;
      return { received: received + fresh.length };
    });
  }

  /**
   * Reads what was staged as a data set; one file that is a whole set is opened as it was saved. Afterwards the stage is gone; where no set came of it, it stays for another try until
   * it is cancelled.
   * @throws UnrollError message.refused, dataset.stopped, and as importData and openArchive
   */
  import({ uploadId, ...asked }: RequestOf<'data.import'>): Promise<ReplyOf<'data.import'>> {
    return this.#turns.take(uploadId, async () => {
      const upload = this.#upload(uploadId, 'data.import');
      const { title, stop } = upload;
      const source = await chosenFolder(this.#stage(uploadId));
      const onProgress = progressReports((done, of) => this.#options.onProgress({ uploadId, done, of }));
      const { sets } = this.#options;
      const archive = await onlyArchive(source);
      const work = { title, signal: stop.signal, onProgress };
      const result =
        archive === null
          ? await importSet(sets, { source, origin: 'imported', ...(await importAs(sets, asked)), ...work })
          : { set: await openSavedSet(sets, archive, work), report: null };
      if (result.set !== null) await this.#drop(upload);
      return result;
    });
  }

  /**
   * Gives the folder of what was staged to whoever makes something else of it than a set. Afterwards the stage is gone; where `work`
   * fails it stays for another try.
   * @param method that asked for it
   * @throws UnrollError message.refused, and as `work`
   */
  use<R>(uploadId: string, method: string, work: (folder: string) => Promise<R>): Promise<R> {
    return this.#turns.take(uploadId, async () => {
      const upload = this.#upload(uploadId, method);
      const result = await work(await chosenFolder(this.#stage(uploadId)));
      await this.#drop(upload);
      return result;
    });
  }

  /** Ends it in whatever state it is; one that is over already stays as it is. */
  async cancel({ uploadId }: RequestOf<'data.cancelUpload'>): Promise<void> {
    const upload = this.#uploads.get(uploadId);
    upload?.stop.abort(new UnrollError('dataset.stopped'));
    await this.#turns.take(uploadId, async () => {
      if (upload !== undefined && this.#uploads.has(uploadId)) await this.#drop(upload);
    });
  }

  #checkPlace({ names }: Upload, place: readonly string[]): void {
    const file = place.join('/');
    const isTooLong = (name: string): boolean => Buffer.byteLength(name) > MAX_NAME_BYTES;
    const isReserved = (name: string): boolean =>
      (this.#options.isWindows ?? process.platform === 'win32') && WINDOWS_RESERVED.test(name);
    if (Buffer.byteLength(file) > MAX_PLACE_BYTES || place.some((name) => isTooLong(name) || isReserved(name)))
      throw new UnrollError('dataset.uploadName', { file });
    for (const [key, name] of namesOf(place)) {
      const other = names.get(key);
      // Of a folder many files have the name; a file has it alone.
      const isFolder = (each: string): boolean => each.endsWith('/');
      if (other === undefined || (other === name && isFolder(name))) continue;
      throw new UnrollError('dataset.uploadSameName', { file, other: isFolder(other) ? other.slice(0, -1) : other });
    }
  }

  async #write(
    path: string,
    { file, fresh, received, isNew }: { file: string; fresh: Uint8Array; received: number; isNew: boolean },
  ): Promise<void> {
    try {
      if (isNew) await fs.mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const handle = await fs.open(path, isNew ? 'wx' : 'r+', 0o600);
      try {
        for (let done = 0; done < fresh.length;)
          done += (await handle.write(fresh, done, fresh.length - done, received + done)).bytesWritten;
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (isNew && !isAlreadyThere(error)) await fs.rm(path, { force: true });
      if (isDiskFull(error)) throw new UnrollError('file.noRoom', { file }, { cause: error });
      throw error;
    }
  }

  async #drop(upload: Upload): Promise<void> {
    this.#uploads.delete(upload.id);
    await fs.rm(join(this.#options.folder, upload.id), { recursive: true, force: true });
  }

  #stage(id: string): string {
    return join(this.#options.folder, id, 'files');
  }
  #upload(id: string, method: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload === undefined) throw refused(method, 'No such upload is under way.');
    return upload;
  }
}

async function importAs(
  sets: DataSets,
  { format, alreadyThere, replaces }: Omit<RequestOf<'data.import'>, 'uploadId'>,
): Promise<Pick<SetImport, 'format' | 'known'>> {
  return { format, known: alreadyThere === 'take' ? null : await sets.knownSounds(replaces) };
}

/** The one folder in a stage, as where a folder was chosen; else the stage, as where files were. */
async function chosenFolder(stage: string): Promise<string> {
  const entries = await fs.readdir(stage, { withFileTypes: true });
  const [first] = entries;
  return entries.length === 1 && first?.isDirectory() === true ? join(stage, first.name) : stage;
}

/** The archive that is the only file in a stage; null where there is more, or something else. */
export async function onlyArchive(folder: string): Promise<string | null> {
  const [first, ...more] = await fs.readdir(folder);
  if (first === undefined || more.length > 0) return null;
  const file = join(folder, first);
  return (await isArchive(file)) ? file : null;
}

function checkAnnounced({ announced, files, received }: Upload, more: number, isNew: boolean): void {
  const { files: mostFiles, byteLength } = announced;
  if (received + more > byteLength || (isNew && files.size >= mostFiles))
    throw new UnrollError('dataset.uploadTooMuch', { announced: `${mostFiles} files, ${byteLength} bytes` });
}

/** The file and the folders above it: without regard to case, and as they are; folders end with a slash. */
const namesOf = (place: readonly string[]): [string, string][] =>
  place.map((_, index) => {
    const path = place.slice(0, index + 1).join('/');
    const key = path.normalize('NFC').toLowerCase();
    return [key, index < place.length - 1 ? `${path}/` : path];
  });

const isAlreadyThere = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST';

const refused = (method: string, reason: string): UnrollError => new UnrollError('message.refused', { method, reason });
