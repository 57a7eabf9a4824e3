// Sounds that the system's file manager opens with the app: they go the way of files that are dropped on the window.
import { promises as fs } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import {
  MAX_FILE_BYTES,
  MAX_FILE_PIECE_BYTES,
  methods,
  type EngineMethodName,
  type ReplyOf,
} from '../app/contract/messages';
import type { Answer } from './engineSupervisor';

/** As electron-builder.yml tells the systems. */
export const SOUNDS: ReadonlySet<string> = new Set(['.wav', '.flac', '.mp3', '.ogg', '.opus']);

/**
 * @param args of a command line, without the program
 * @param folder that names in it start from
 * @returns paths of sounds
 */
export const soundsIn = (args: readonly string[], folder: string): readonly string[] =>
  args
    .filter((arg) => !arg.startsWith('-') && SOUNDS.has(extname(arg).toLowerCase()))
    .map((arg) => resolve(folder, arg));

export interface OpenedFilesOptions {
  /** Asks the engine; never throws. */
  readonly ask: (method: EngineMethodName, body: unknown) => Promise<Answer>;
  /** What a person need not be stopped for: the file is left out. */
  readonly log: (line: string) => void;
}

export class OpenedFiles {
  readonly #options: OpenedFilesOptions;
  #turn: Promise<void> = Promise.resolve();

  constructor(options: OpenedFilesOptions) {
    this.#options = options;
  }

  /** Gives sounds to the engine, one after the other; each becomes a recording of the library. */
  open(paths: readonly string[]): Promise<void> {
    for (const path of paths) this.#turn = this.#turn.then(() => this.#hear(path));
    return this.#turn;
  }

  /** As `open`, but whoever asks hears what went wrong. @throws Error where it cannot be read or is refused */
  hear(path: string): Promise<void> {
    const hearing = this.#turn.then(() => this.#send(path));
    this.#turn = hearing.catch(() => undefined);
    return hearing;
  }

  async #hear(path: string): Promise<void> {
    try {
      await this.#send(path);
    } catch (error) {
      this.#options.log(`A sound could not be opened: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #send(path: string): Promise<void> {
    const file = await fs.open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > MAX_FILE_BYTES) throw new Error(`Expected at most ${MAX_FILE_BYTES} bytes, but got ${size}`);
      const { models } = await this.#ask('models.list', {});
      const model = models.find(({ isDefault }) => isDefault) ?? models.find(({ isLiveDefault }) => isLiveDefault);
      if (!model) throw new Error('Expected a model');
      const about = { name: basename(path), byteLength: size, modelId: model.id };
      const { fileId } = await this.#ask('files.add', about);
      for (let offset = 0; offset < size; offset += MAX_FILE_PIECE_BYTES) {
        const bytes = new Uint8Array(Math.min(MAX_FILE_PIECE_BYTES, size - offset));
        await file.read(bytes, 0, bytes.length, offset);
        await this.#ask('files.piece', { fileId, offset, bytes });
      }
    } finally {
      await file.close();
    }
  }

  async #ask<M extends EngineMethodName>(method: M, body: unknown): Promise<ReplyOf<M>> {
    const answer = await this.#options.ask(method, body);
    if (!answer.isOk) throw new Error(answer.error.code);
    return methods[method].reply.parse(answer.body) as ReplyOf<M>;
  }
}
