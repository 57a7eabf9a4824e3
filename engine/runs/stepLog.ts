// The steps of a run as they stand in its steps.jsonl: read as far as they have been written, kept as columns, read on from there.
import { promises as fs } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RunSteps } from '../../app/contract/runs';
import { UnrollError } from '../../app/errors';
import { isMissing } from '../library/recordingFiles';
import { Turns } from '../library/turns';
import { stepRecordSchema, type StepReport } from '../training/records';
import { STEPS_FILE } from '../training/runFolder';

/** Lines after which others have a turn: whoever listens must not wait for a curve. */
const LINES_AT_ONCE = 200;
const READ_BYTES = 1 << 20;
const NEWLINE = 0x0a;

export class StepLog {
  readonly #folder: string;
  readonly #turns = new Turns();
  /** Bytes of whole lines that were read. */
  #bytes = 0;
  #steps: StepReport[] = [];

  /** @param folder the run's */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Steps [first, first + count), fewer at the end.
   * @throws UnrollError run.damaged naming the line
   */
  steps(first: number, count: number): Promise<{ steps: RunSteps; total: number; parts: number }> {
    return this.#turns.take('read', async () => {
      await this.#readOn();
      const steps = this.#steps.slice(first, first + count);
      return {
        steps: columnsOf(basename(this.#folder), first, steps),
        total: this.#steps.length,
        parts: this.#steps[0]?.partNorms.length ?? 0,
      };
    });
  }

  /** The newest steps that were skipped, at most so many, with the names of the recordings in them. @throws as `steps` */
  skipped(most: number): Promise<{ runStep: number; recordings: string[] }[]> {
    return this.#turns.take('read', async () => {
      await this.#readOn();
      return this.#steps
        .filter(({ isSkipped }) => isSkipped)
        .slice(-most)
        .map(({ runStep, recordings = [] }) => ({ runStep, recordings: recordings.map((path) => basename(path)) }));
    });
  }

  async #readOn(): Promise<void> {
    let handle: fs.FileHandle;
    try {
      handle = await fs.open(join(this.#folder, STEPS_FILE), 'r');
    } catch (error) {
      if (!isMissing(error)) throw error;
      this.#forget();
      return;
    }
    try {
      // A run that goes on from a checkpoint cuts off what lay after it.
      if ((await handle.stat()).size < this.#bytes) this.#forget();
      while (await this.#readPiece(handle));
    } finally {
      await handle.close();
    }
  }

  /** False at the end, or where the last line is not whole yet. */
  async #readPiece(handle: fs.FileHandle): Promise<boolean> {
    const piece = Buffer.alloc(READ_BYTES);
    const { bytesRead } = await handle.read(piece, 0, READ_BYTES, this.#bytes);
    const end = piece.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
    if (end === 0) return false;
    const lines = piece.toString('utf8', 0, end).split('\n').slice(0, -1);
    for (let start = 0; start < lines.length; start += LINES_AT_ONCE) {
      for (const line of lines.slice(start, start + LINES_AT_ONCE)) this.#steps.push(this.#stepOf(line));
      await nextTurn();
    }
    this.#bytes += end;
    return true;
  }

  #stepOf(line: string): StepReport {
    const number = this.#steps.length + 1;
    const step = stepRecordSchema.safeParse(parsed(line)).data;
    if (step?.runStep === number) return step;
    this.#forget();
    throw damagedLine(this.#folder, STEPS_FILE, number);
  }

  #forget(): void {
    this.#bytes = 0;
    this.#steps = [];
  }
}

export const damagedLine = (folder: string, file: string, line: number): UnrollError =>
  new UnrollError('run.damaged', { run: basename(folder), place: `${file}: ${line}`, reason: 'reason.field.other' });

/** Undefined where it is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const orNaN = (value: number | null): number => value ?? NaN;
const columnsOf = (runId: string, first: number, steps: readonly StepReport[]): RunSteps => ({
  runId,
  first,
  loss: Float32Array.from(steps, ({ loss }) => orNaN(loss)),
  learningRate: Float32Array.from(steps, ({ learningRate }) => learningRate),
  gradientNorm: Float32Array.from(steps, ({ gradientNorm }) => orNaN(gradientNorm)),
  partNorms: Float32Array.from(steps.flatMap(({ partNorms }) => partNorms.map(orNaN))),
  isSkipped: Uint8Array.from(steps, ({ isSkipped }) => (isSkipped ? 1 : 0)),
});
