// A run's folder: what was asked (config.json), what happened (metrics.jsonl, steps.jsonl, weights.jsonl, hearings.json, TensorBoard's events), where it stands
// (checkpoints/), what came out (model/).
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { Checkpoints, type Checkpoint, type CheckpointContext } from './checkpoint';
import type { WeightStatistics } from '../network/weightStatistics';
import { scalarsRecord, versionRecord, weightsRecord } from './eventFile';
import { diskWriter, Journals, type RunWriter } from './journal';
import type { EpochReport, Hearings, StepReport } from './records';
import { onDisk } from './runError';

export const CONFIG_FILE = 'config.json';
export const STEPS_FILE = 'steps.jsonl';
export const METRICS_FILE = 'metrics.jsonl';
export const WEIGHTS_FILE = 'weights.jsonl';
/** Its name tells TensorBoard what it is. */
export const EVENTS_FILE = 'events.out.tfevents.0.unroll';
export const HEARINGS_FILE = 'hearings.json';

/** Each method throws UnrollError training.diskFull or training.disk where the disk is to blame. */
export class RunFolder {
  readonly path: string;
  readonly #writer: RunWriter;
  readonly #journals: Journals;
  readonly #checkpoints: Checkpoints;

  constructor(path: string, writer: RunWriter = diskWriter) {
    this.path = path;
    this.#writer = writer;
    this.#journals = new Journals(path, [METRICS_FILE, STEPS_FILE, WEIGHTS_FILE, EVENTS_FILE], writer);
    this.#checkpoints = new Checkpoints(path, writer);
  }

  create(config: unknown): Promise<void> {
    return onDisk(this.path, async () => {
      await fs.mkdir(this.path, { recursive: true });
      await this.#writer.replace(join(this.path, CONFIG_FILE), `${JSON.stringify(config, null, 2)}\n`);
    });
  }

  addStep(step: StepReport): Promise<void> {
    return onDisk(this.path, async () => {
      await this.#journals.append(STEPS_FILE, `${JSON.stringify(step)}\n`);
      const { loss, gradientNorm, learningRate } = step;
      const scalars = { 'step/loss': loss, 'step/gradientNorm': gradientNorm, 'step/learningRate': learningRate };
      await this.#addScalars(scalars, step.runStep);
    });
  }
  /** @param weights after it */
  addEpoch(epoch: EpochReport, weights: readonly WeightStatistics[]): Promise<void> {
    return onDisk(this.path, async () => {
      await this.#journals.append(METRICS_FILE, `${JSON.stringify(epoch)}\n`);
      const { trainLoss, validationLoss, symbolError, wordError, accuracy, tokenAccuracy } = epoch;
      const { slotF1, slotPrecision, slotRecall, precisionAtK, recallAtK } = epoch;
      const scores = {
        ...{ trainLoss, validationLoss, symbolError, wordError, accuracy, tokenAccuracy },
        ...{ slotF1, slotPrecision, slotRecall, ...(precisionAtK === undefined ? {} : { precisionAtK, recallAtK }) },
      };
      const scalars = Object.entries(scores).map(([name, value]) => [`epoch/${name}`, value ?? null] as const);
      await this.#addScalars(Object.fromEntries(scalars), epoch.step);
      await this.#journals.append(WEIGHTS_FILE, weightsLine(epoch.epoch, weights));
      await this.#journals.append(EVENTS_FILE, weightsRecord(weights, epoch.step, Date.now() / 1000));
    });
  }
  async #addScalars(scalars: Readonly<Record<string, number | null>>, step: number): Promise<void> {
    const now = Date.now() / 1000;
    if ((await this.#journals.lengthOf(EVENTS_FILE)) === 0)
      await this.#journals.append(EVENTS_FILE, versionRecord(now));
    await this.#journals.append(EVENTS_FILE, scalarsRecord(scalars, step, now));
  }
  writeHearings(hearings: Hearings): Promise<void> {
    return onDisk(this.path, () =>
      this.#writer.replace(join(this.path, HEARINGS_FILE), `${JSON.stringify(hearings, null, 2)}\n`),
    );
  }

  /** What was written of steps and epochs is on the disk before the checkpoint that counts them. */
  saveCheckpoint(
    checkpoint: Omit<Checkpoint, 'journals'>,
    { fingerprint, keep }: { readonly fingerprint: string; readonly keep: number },
  ): Promise<void> {
    return onDisk(this.path, async () => {
      const journals = await this.#journals.flush();
      await this.#checkpoints.save({ ...checkpoint, journals }, fingerprint, keep);
    });
  }

  /**
   * Where the run stands, or null where it stands at its beginning; steps and epochs that lie after it are taken back.
   * @throws UnrollError checkpoint.invalid where every checkpoint is damaged, or they are another run's
   */
  loadCheckpoint(context: CheckpointContext): Promise<Checkpoint | null> {
    return onDisk(this.path, async () => {
      await fs.mkdir(this.path, { recursive: true });
      const checkpoint = await this.#checkpoints.load(context);
      await this.#journals.cutBack(checkpoint?.journals ?? {});
      return checkpoint;
    });
  }
}

function weightsLine(epoch: number, weights: readonly WeightStatistics[]): string {
  const parameters = weights
    .filter(({ mean, deviation, largest }) => [mean, deviation, largest].every(Number.isFinite))
    .map(({ counts, ...parameter }) => ({ ...parameter, counts: [...counts] }));
  return `${JSON.stringify({ epoch, parameters })}\n`;
}

/** Whether a run was begun there. */
export const isRunFolder = (path: string): Promise<boolean> =>
  fs.access(join(path, CONFIG_FILE)).then(
    () => true,
    () => false, // whatever keeps it from us
  );
