// Files that the system's file manager opens with the app: sounds go the way of files that are dropped on the window, and models
// that of those that are imported there.
import { promises as fs } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import type { ErrorMessage } from '../app/contract/errorMessage';
import {
  MAX_FILE_BYTES,
  MAX_FILE_PIECE_BYTES,
  methods,
  type EngineMethodName,
  type EventOf,
  type ReplyOf,
  type RequestOf,
} from '../app/contract/messages';
import { MODEL_FILE_SUFFIX } from '../app/contract/models';
import { isErrorCode, UnrollError } from '../app/errors';
import type { Answer } from './engineSupervisor';

/** As electron-builder.yml tells the systems. */
export const SOUNDS: ReadonlySet<string> = new Set(['.wav', '.flac', '.mp3', '.ogg', '.opus']);

type Opened = EventOf<'system.opened'>;
/** What a path is opened as; null where it is nothing that the app opens. */
export function takenFor(path: string): Opened['taken'] | null {
  const extension = extname(path).toLowerCase();
  if (extension === MODEL_FILE_SUFFIX) return 'model';
  return SOUNDS.has(extension) ? 'sound' : null;
}

/**
 * @param args of a command line, without the program
 * @param folder that names in it start from
 * @returns paths of sounds and of models
 */
export const filesIn = (args: readonly string[], folder: string): readonly string[] =>
  args.filter((arg) => !arg.startsWith('-') && takenFor(arg) !== null).map((arg) => resolve(folder, arg));

export interface OpenedFilesOptions {
  /** Asks the engine; never throws. */
  readonly ask: (method: EngineMethodName, body: unknown) => Promise<Answer>;
  readonly log: (line: string) => void;
  /** What became of a file that was opened. */
  readonly onOpened?: (opened: Opened) => void;
}

/** Sounds that can be found again by the engine's name for them. */
const MAX_REMEMBERED = 1_000;

/** An answer of the engine's that was no reply. */
class Refusal extends Error {
  readonly answer: ErrorMessage;

  constructor(answer: ErrorMessage) {
    super(answer.code);
    this.answer = answer;
  }
}

export class OpenedFiles {
  readonly #options: OpenedFilesOptions;
  #turn: Promise<void> = Promise.resolve();
  /** By the engine's name, the newest last. */
  readonly #paths = new Map<string, string>();

  constructor(options: OpenedFilesOptions) {
    this.#options = options;
  }

  /** Gives files to the engine, one after the other; each sound becomes a recording of the library. */
  open(paths: readonly string[]): Promise<void> {
    for (const path of paths) this.#turn = this.#turn.then(() => this.#open(path));
    return this.#turn;
  }

  /** Gives a sound to the engine; whoever asks hears what went wrong. @throws Error where it cannot be read or is refused */
  async hear(path: string): Promise<void> {
    const hearing = this.#turn.then(() => this.#hear(path));
    this.#turn = hearing.then(
      () => undefined,
      () => undefined,
    );
    await hearing;
  }

  /**
   * Gives a sound to the engine that was given to it before; those whose turn it is are not waited for.
   * @throws UnrollError file.notAtHand, file.unreadable, or what the engine answered
   */
  async retry({ fileId }: RequestOf<'files.retry'>): Promise<ReplyOf<'files.retry'>> {
    const path = this.#paths.get(fileId);
    if (path === undefined) throw new UnrollError('file.notAtHand');
    try {
      return { fileId: await this.#hear(path) };
    } catch (error) {
      const { code, params } = messageOf(error, basename(path));
      throw isErrorCode(code) ? new UnrollError(code, params, { cause: error }) : error;
    }
  }

  async #open(path: string): Promise<void> {
    const taken = takenFor(path) ?? 'sound';
    const name = basename(path);
    let error: ErrorMessage | null = null;
    try {
      await (taken === 'model' ? this.#import(path) : this.#hear(path));
    } catch (thrown) {
      this.#options.log(`A ${taken} could not be opened: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
      error = messageOf(thrown, name);
    }
    this.#options.onOpened?.({ name, taken, error });
  }

  /** The engine goes on with what it has, and tells of that by itself. @returns its name for the sound */
  #hear(path: string): Promise<string> {
    return this.#read(path, async (byteLength, send) => {
      const { models } = await this.#ask('models.list', {});
      const model = models.find(({ isDefault }) => isDefault) ?? models.find(({ isLiveDefault }) => isLiveDefault);
      if (!model) throw new UnrollError('model.none');
      const { fileId } = await this.#ask('files.add', { name: basename(path), byteLength, modelId: model.id });
      this.#remember(fileId, path);
      await send((offset, bytes) => this.#ask('files.piece', { fileId, offset, bytes }));
      return fileId;
    });
  }

  #remember(fileId: string, path: string): void {
    this.#paths.set(fileId, path);
    for (const oldest of this.#paths.keys()) {
      if (this.#paths.size <= MAX_REMEMBERED) break;
      this.#paths.delete(oldest);
    }
  }

  #import(path: string): Promise<void> {
    const name = basename(path);
    return this.#read(path, async (byteLength, send) => {
      const { uploadId } = await this.#ask('data.upload', { title: name, files: 1, byteLength });
      try {
        await send((offset, bytes) => this.#ask('data.piece', { uploadId, place: [name], offset, bytes }));
        await this.#ask('models.import', { uploadId });
      } catch (error) {
        await this.#options.ask('data.cancelUpload', { uploadId });
        throw error;
      }
    });
  }

  async #read<T>(path: string, use: (byteLength: number, send: SendPieces) => Promise<T>): Promise<T> {
    const file = await fs.open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > MAX_FILE_BYTES) throw new UnrollError('file.tooLarge', { file: basename(path), limit: '1 GB' });
      return await use(size, async (sendPiece) => {
        for (let offset = 0; offset < size; offset += MAX_FILE_PIECE_BYTES) {
          const bytes = new Uint8Array(Math.min(MAX_FILE_PIECE_BYTES, size - offset));
          await file.read(bytes, 0, bytes.length, offset);
          await sendPiece(offset, bytes);
        }
      });
    } finally {
      await file.close();
    }
  }

  async #ask<M extends EngineMethodName>(method: M, body: RequestOf<M>): Promise<ReplyOf<M>> {
    const answer = await this.#options.ask(method, body);
    if (!answer.isOk) throw new Refusal(answer.error);
    return methods[method].reply.parse(answer.body) as ReplyOf<M>;
  }
}

/** Takes what sends one piece, and sends a file's pieces by it in their order. */
type SendPieces = (sendPiece: (offset: number, bytes: Uint8Array) => Promise<unknown>) => Promise<void>;

function messageOf(error: unknown, file: string): ErrorMessage {
  if (error instanceof Refusal) return error.answer;
  return (error instanceof UnrollError ? error : new UnrollError('file.unreadable', { file })).toMessage();
}
