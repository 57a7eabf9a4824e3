// What a run wrote down, read while it goes on or afterwards.
import { promises as fs } from 'node:fs';
import { basename, join } from 'node:path';
import type { z } from 'zod';
import { runEpochSchema, type RunEpoch, type RunSteps } from '../../app/contract/runs';
import { UnrollError } from '../../app/errors';
import { checkFile } from '../data/checkFile';
import { epochRecordSchema, hearingsRecordSchema, stepRecordSchema, type EpochReport, type Hearings } from './records';
import { HEARINGS_FILE, METRICS_FILE, STEPS_FILE } from './runFolder';

const NEWLINE = 0x0a;

/** The records of a file that grows by lines, each parsed once. A file that was cut back is read anew. */
class GrowingRecords<S extends z.ZodType> {
  readonly #path: string;
  readonly #schema: S;
  readonly #take: (record: z.infer<S>) => void;
  readonly #forget: () => void;
  #bytes = 0;
  #lines = 0;

  constructor(path: string, schema: S, take: (record: z.infer<S>) => void, forget: () => void) {
    this.#path = path;
    this.#schema = schema;
    this.#take = take;
    this.#forget = forget;
  }

  /** @throws UnrollError config.invalid naming file and line where a line is no such record */
  async catchUp(): Promise<void> {
    const handle = await openIfThere(this.#path);
    const size = handle === null ? 0 : (await handle.stat()).size;
    if (size < this.#bytes) {
      this.#forget();
      this.#bytes = this.#lines = 0;
    }
    if (handle === null) return;
    try {
      const added = Buffer.alloc(size - this.#bytes);
      const { bytesRead } = await handle.read(added, 0, added.length, this.#bytes);
      this.#parse(added.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  }

  /** A last line without an end is still being written. */
  #parse(added: Buffer): void {
    for (let start = 0; ;) {
      const end = added.indexOf(NEWLINE, start);
      if (end < 0) return;
      this.#lines++;
      this.#take(this.#recordOf(added.toString('utf8', start, end)));
      this.#bytes += end + 1 - start;
      start = end + 1;
    }
  }

  #recordOf(line: string): z.infer<S> {
    const file = `${basename(this.#path)}, line ${this.#lines}`;
    return checkFile(this.#schema, parseLine(line, file), file);
  }
}

function parseLine(line: string, file: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    const reason = `It is not valid JSON: ${(error as Error).message}.`;
    throw new UnrollError('config.invalid', { file, path: 'the whole', reason }, { cause: error });
  }
}

async function openIfThere(path: string): Promise<fs.FileHandle | null> {
  try {
    return await fs.open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

const EMPTY_COLUMNS = () => ({
  loss: [] as number[],
  learningRate: [] as number[],
  gradientNorm: [] as number[],
  /** [steps, parts] */
  partNorms: [] as number[],
  isSkipped: [] as number[],
});

/** One run's steps and epochs. To be kept: each call reads only what is new. */
export class RunReader {
  readonly #folder: string;
  readonly #steps: GrowingRecords<typeof stepRecordSchema>;
  readonly #epochs: GrowingRecords<typeof epochRecordSchema>;
  #columns = EMPTY_COLUMNS();
  #parts = 0;
  #reports: EpochReport[] = [];

  /** @param folder the run's; it may not be there yet */
  constructor(folder: string) {
    this.#folder = folder;
    this.#steps = new GrowingRecords(
      join(folder, STEPS_FILE),
      stepRecordSchema,
      ({ loss, gradientNorm, learningRate, partNorms, isSkipped }) => {
        this.#columns.loss.push(loss ?? NaN);
        this.#columns.gradientNorm.push(gradientNorm ?? NaN);
        this.#columns.learningRate.push(learningRate);
        for (const norm of partNorms) this.#columns.partNorms.push(norm ?? NaN);
        this.#columns.isSkipped.push(Number(isSkipped));
        this.#parts = partNorms.length;
      },
      () => (this.#columns = EMPTY_COLUMNS()),
    );
    this.#epochs = new GrowingRecords(
      join(folder, METRICS_FILE),
      epochRecordSchema,
      (report) => this.#reports.push(report),
      () => (this.#reports = []),
    );
  }

  /** @param first of the run, from 0 */
  async steps(
    runId: string,
    first: number,
    count: number,
  ): Promise<{ readonly steps: RunSteps; readonly total: number; readonly parts: number }> {
    await this.#steps.catchUp();
    const { loss, learningRate, gradientNorm, partNorms, isSkipped } = this.#columns;
    const end = first + count;
    const parts = this.#parts;
    const steps: RunSteps = {
      runId,
      first,
      loss: Float32Array.from(loss.slice(first, end)),
      learningRate: Float32Array.from(learningRate.slice(first, end)),
      gradientNorm: Float32Array.from(gradientNorm.slice(first, end)),
      partNorms: Float32Array.from(partNorms.slice(first * parts, end * parts)),
      isSkipped: Uint8Array.from(isSkipped.slice(first, end)),
    };
    return { steps, total: loss.length, parts };
  }

  async epochs(): Promise<readonly RunEpoch[]> {
    await this.#epochs.catchUp();
    return this.#reports.map(runEpochOf);
  }

  /** After the newest epoch that was validated; null before it. */
  async hearings(): Promise<Hearings | null> {
    const handle = await openIfThere(join(this.#folder, HEARINGS_FILE));
    if (handle === null) return null;
    try {
      const text = await handle.readFile('utf8');
      return checkFile(hearingsRecordSchema, parseLine(text, HEARINGS_FILE), HEARINGS_FILE);
    } finally {
      await handle.close();
    }
  }
}

/** What of an epoch the window is told. */
export const runEpochOf = (report: EpochReport): RunEpoch => runEpochSchema.strip().parse(report);
