// Files on their way to recordings: collected side by side, transcribed one after another. A bad file never stops the rest.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { DecodingChoice } from '../../app/contract/decoding';
import {
  RECORDING_SAMPLE_RATE_HZ,
  type EventOf,
  type FileState,
  type ReplyOf,
  type RequestOf,
} from '../../app/contract/messages';
import type { Utterance } from '../../app/contract/recognition';
import { UnrollError } from '../../app/errors';
import type { HearOptions } from '../listen/hearing';
import { isDiskFull } from '../library/take';
import { newId } from '../library/recordingFiles';
import { Turns } from '../library/turns';
import { writeFileRecording } from './fileRecording';
import { IncomingFile } from './incoming';

export interface FileQueueOptions {
  /** Folder for what is on its way; emptied at the start. On the same file system as the recordings. */
  readonly folder: string;
  /** Sound of a file, 16 kHz mono. @throws UnrollError audio.unreadable, audio.empty */
  readonly decode: (bytes: Uint8Array, name: string, signal: AbortSignal) => Promise<Int16Array>;
  /** @throws UnrollError model.missing, model.invalid; the signal's reason once it is aborted */
  readonly transcribe: (
    modelId: string,
    pcm: Int16Array,
    options: HearOptions,
    choice: DecodingChoice | undefined,
  ) => Promise<Utterance[]>;
  /** A recording that has this sound already, by its identifier. */
  readonly findSame: (pcm: Int16Array, durationMs: number) => Promise<string | null>;
  /** Takes a whole recording's folder into the list. */
  readonly adopt: (folder: string) => Promise<unknown>;
  readonly onProgress: (event: EventOf<'files.progress'>) => void;
  /** What no person can mend; the queue does not go on after it. */
  readonly onBug: (error: unknown) => void;
  readonly now?: () => Date;
}

/** Files that may be on their way at once. */
const MAX_FILES = 10_000;
/** Between two reports of the same state. */
const REPORT_EVERY = 0.01;

interface Job {
  readonly id: string;
  readonly name: string;
  readonly modelId: string;
  readonly choice: DecodingChoice | undefined;
  readonly file: IncomingFile;
  readonly stop: AbortController;
  /** Whether the queue has it: it removes the bytes then. */
  isQueued: boolean;
  reported: number;
}

interface ReportDetails {
  readonly error?: UnrollError;
  readonly recordingId?: string;
  readonly sameAs?: string | null;
  readonly realTimeFactor?: number;
}

export class FileQueue {
  readonly #options: FileQueueOptions;
  readonly #now: () => Date;
  readonly #jobs = new Map<string, Job>();
  readonly #turns = new Turns();
  #isResting = false;
  /** Those who wait for the rest's end. */
  readonly #waiting = new Set<() => void>();

  private constructor(options: FileQueueOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
  }
  static async open(options: FileQueueOptions): Promise<FileQueue> {
    await fs.rm(options.folder, { recursive: true, force: true });
    await fs.mkdir(options.folder, { recursive: true });
    return new FileQueue(options);
  }

  /** @throws UnrollError audio.empty, message.refused, file.noRoom */
  async add({ name, byteLength, modelId, decoding }: RequestOf<'files.add'>): Promise<ReplyOf<'files.add'>> {
    if (byteLength === 0) throw new UnrollError('audio.empty', { file: name });
    if (this.#jobs.size >= MAX_FILES)
      throw new UnrollError('message.refused', { method: 'files.add', reason: `${MAX_FILES} files are waiting.` });
    const id = newId();
    const file = await IncomingFile.create(join(this.#options.folder, `${id}.bytes`), name, byteLength);
    const stop = new AbortController();
    this.#jobs.set(id, { id, name, modelId, choice: decoding, file, stop, isQueued: false, reported: 0 });
    return { fileId: id };
  }

  /** @throws UnrollError message.refused, file.noRoom: the file is left out then */
  piece({ fileId, offset, bytes }: RequestOf<'files.piece'>): Promise<ReplyOf<'files.piece'>> {
    return this.#turns.take(fileId, async () => {
      const job = this.#job(fileId, 'files.piece');
      if (job.isQueued) return { received: job.file.received };
      try {
        await job.file.add(offset, bytes);
      } catch (error) {
        if (error instanceof UnrollError) await this.#drop(job);
        throw error;
      }
      if (job.file.isWhole) this.#enqueue(job);
      return { received: job.file.received };
    });
  }

  /** Stops a file in whatever state it is; one that is over already stays as it is. */
  cancel({ fileId }: RequestOf<'files.cancel'>): Promise<Record<string, never>> {
    const job = this.#jobs.get(fileId);
    job?.stop.abort();
    return this.#turns.take(fileId, async () => {
      if (job === undefined || job.isQueued || !this.#jobs.has(fileId)) return {};
      await this.#drop(job);
      this.#report(job, 'cancelled', 1);
      return {};
    });
  }

  /** Lets all files rest where they are, or go on from there. */
  rest({ isResting }: RequestOf<'files.rest'>): Record<string, never> {
    this.#isResting = isResting;
    if (isResting) return {};
    for (const goOn of this.#waiting) goOn();
    this.#waiting.clear();
    return {};
  }

  /** @returns milliseconds of rest; ends early where the file is stopped */
  async #rested({ signal }: AbortController): Promise<number> {
    if (!this.#isResting || signal.aborted) return 0;
    const since = performance.now();
    await new Promise<void>((resolve) => {
      this.#waiting.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    return performance.now() - since;
  }

  #enqueue(job: Job): void {
    job.isQueued = true;
    this.#report(job, 'queued', 0);
    this.#turns.take('transcribing', () => this.#run(job)).catch(this.#options.onBug);
  }

  async #run(job: Job): Promise<void> {
    try {
      const details = await this.#transcribe(job);
      this.#report(job, 'done', 1, { recordingId: job.id, ...details });
    } catch (error) {
      if (job.stop.signal.aborted) this.#report(job, 'cancelled', 1);
      else if (error instanceof UnrollError) this.#report(job, 'failed', 1, { error });
      else throw error;
    } finally {
      this.#jobs.delete(job.id);
    }
  }

  /** @returns the real-time factor of making text of it, and who has the same sound */
  async #transcribe(job: Job): Promise<Pick<ReportDetails, 'realTimeFactor' | 'sameAs'>> {
    const { signal } = job.stop;
    const { decode, transcribe, findSame, adopt, folder } = this.#options;
    await this.#rested(job.stop);
    if (signal.aborted) await job.file.remove();
    signal.throwIfAborted();
    this.#report(job, 'decoding', 0);
    const startedAt = performance.now();
    let restedMs = 0;
    const rested = async (): Promise<void> => void (restedMs += await this.#rested(job.stop));
    const pcm = await decode(await job.file.take(), job.name, signal);
    signal.throwIfAborted();
    this.#report(job, 'transcribing', 0);
    const onProgress = (fraction: number): void => this.#reportSome(job, fraction);
    const utterances = await transcribe(job.modelId, pcm, { onProgress, rested, signal }, job.choice);
    const workedMs = performance.now() - startedAt - restedMs;
    signal.throwIfAborted();
    const durationMs = (pcm.length * 1000) / RECORDING_SAMPLE_RATE_HZ;
    const sameAs = await findSame(pcm, durationMs);
    const aside = join(folder, job.id);
    try {
      const transcript = { modelId: job.modelId, utterances };
      await writeFileRecording(aside, { id: job.id, fileName: job.name, createdAt: this.#now(), pcm, transcript });
      await adopt(aside);
    } catch (error) {
      await fs.rm(aside, { recursive: true, force: true });
      throw isDiskFull(error) ? new UnrollError('file.noRoom', { file: job.name }, { cause: error }) : error;
    }
    return { realTimeFactor: workedMs / durationMs, sameAs };
  }

  async #drop(job: Job): Promise<void> {
    this.#jobs.delete(job.id);
    await job.file.remove();
  }

  #job(fileId: string, method: string): Job {
    const job = this.#jobs.get(fileId);
    if (job === undefined) throw new UnrollError('message.refused', { method, reason: 'No such file is on its way.' });
    return job;
  }

  #reportSome(job: Job, fraction: number): void {
    if (fraction - job.reported < REPORT_EVERY && fraction < 1) return;
    job.reported = fraction;
    this.#report(job, 'transcribing', fraction);
  }

  #report(
    job: Job,
    state: FileState,
    fraction: number,
    { error, recordingId, sameAs, realTimeFactor }: ReportDetails = {},
  ): void {
    this.#options.onProgress({
      fileId: job.id,
      name: job.name,
      state,
      fraction,
      error: error?.toMessage() ?? null,
      recordingId: recordingId ?? null,
      sameAs: sameAs ?? null,
      realTimeFactor: realTimeFactor ?? null,
      at: this.#now().toISOString(),
    });
  }
}
