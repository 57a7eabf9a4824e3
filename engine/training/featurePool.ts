// Features on all cores: one thread for each, all of them the built file beside this one. Where there is no such file, as under a
// test runner, or but one core, they are computed here; the values are the same.
import { existsSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { UnrollError, type ErrorCode, type ErrorParams } from '../../app/errors';
import { clipFeatures, type FeatureJob, type Recording } from './clipFeatures';

const WORKER_FILE = join(__dirname, 'features.cjs');
/** Memory has an end: each thread holds a recording with its copies. */
const MOST_THREADS = 16;

export type FeatureAnswer =
  | { readonly kind: 'features'; readonly frames: Float32Array[] }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly params: ErrorParams };

/** How many recordings are best given at once. */
export const coreCount = (): number =>
  Math.min(MOST_THREADS, typeof availableParallelism === 'function' ? availableParallelism() : cpus().length);

export interface FeaturePoolOptions {
  readonly threads?: number;
  /** The built file that answers. */
  readonly file?: string;
}

export class FeaturePool {
  /** Recordings that may be asked for at once. */
  readonly size: number;
  readonly #job: FeatureJob;
  readonly #file: string | null;
  readonly #idle: Worker[] = [];
  readonly #all: Worker[] = [];

  constructor(job: FeatureJob, { threads = coreCount(), file = WORKER_FILE }: FeaturePoolOptions = {}) {
    this.#job = job;
    this.#file = threads > 1 && existsSync(file) ? file : null;
    this.size = this.#file === null ? 1 : threads;
  }

  /** Threads start when they are first needed. @throws UnrollError as clipFeatures; Error where a thread died */
  async features(recording: Recording): Promise<Float32Array[]> {
    if (this.#file === null) return clipFeatures(recording, this.#job);
    const worker = this.#idle.pop() ?? this.#start(this.#file);
    const answer = await answerOf(worker, recording);
    this.#idle.push(worker);
    if (answer.kind === 'refused') throw new UnrollError(answer.code, answer.params);
    return answer.frames;
  }

  /** Ends the threads; what they were computing is lost, and is in no cache. */
  async close(): Promise<void> {
    await Promise.all(this.#all.map((worker) => worker.terminate()));
  }

  #start(file: string): Worker {
    const worker = new Worker(file, { workerData: this.#job });
    this.#all.push(worker);
    return worker;
  }
}

function answerOf(worker: Worker, recording: Recording): Promise<FeatureAnswer> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: FeatureAnswer): void => settle(() => resolve(answer));
    const onError = (error: Error): void => settle(() => reject(error));
    const onExit = (code: number): void =>
      settle(() => reject(new Error(`Expected features, but the thread ended with ${code}`)));
    const settle = (act: () => void): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      act();
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.postMessage(recording);
  });
}
