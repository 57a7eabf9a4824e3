// All sounds that are looked into at the moment, by handle: few at a time, each with a file of its own.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type {
  ActivationSeries,
  InspectedSound,
  Inspection as Description,
  UnitOrder,
} from '../../app/contract/inspection';
import type { EventOf, ReplyOf, RequestOf } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import { newId } from '../library/recordingFiles';
import { Inspection, type InspectedModel, type InspectionOptions } from './inspection';
import { stepSignal } from './stepSignals';
import { byIndex, byScore, bySimilarity, correlations, means } from './unitOrder';

/** Open at a time: one beside another, each with an experiment, for two windows. */
const MOST_OPEN = 8;

export interface InspectionsOptions {
  /** Folder for files that last as long as the engine; what an engine before left there is cleared away. */
  readonly folder: string;
  /** 16 kHz mono. @throws UnrollError where it is not there or cannot be read */
  readonly soundOf: (sound: InspectedSound) => Promise<Int16Array>;
  /** @throws UnrollError model.missing, model.invalid */
  readonly openModel: (modelId: string) => Promise<InspectedModel>;
  readonly onProgress: (event: EventOf<'inspection.progress'>) => void;
  readonly onBug: (error: unknown) => void;
}

/** A change of less than this is not told. */
const PROGRESS_STEP = 0.02;

export class Inspections {
  readonly #options: InspectionsOptions;
  /** The one that was used last stands last. */
  readonly #open = new Map<string, Inspection>();

  private constructor(options: InspectionsOptions) {
    this.#options = options;
  }

  static async open(options: InspectionsOptions): Promise<Inspections> {
    await fs.rm(options.folder, { recursive: true, force: true });
    await fs.mkdir(options.folder, { recursive: true });
    return new Inspections(options);
  }

  /** @throws UnrollError inspection.tooLong, inspection.empty, and what keeps the sound or the model from being read */
  async begin({ sound, modelId }: RequestOf<'inspection.open'>): Promise<Description> {
    const [pcm, model] = await Promise.all([this.#options.soundOf(sound), this.#options.openModel(modelId)]);
    return this.#add({ pcm, model });
  }

  /** The same sound through a changed network. @throws UnrollError inspection.closed */
  async whatIf({ handle, interventions }: RequestOf<'inspection.whatIf'>): Promise<Description> {
    const { pcm, model } = this.get(handle);
    return this.#add({ pcm, model, interventions });
  }

  /** @throws UnrollError inspection.closed */
  get(handle: string): Inspection {
    const inspection = this.#open.get(handle);
    if (inspection === undefined) throw new UnrollError('inspection.closed');
    this.#open.delete(handle);
    this.#open.set(handle, inspection);
    return inspection;
  }

  /** One that is closed already stays so. */
  async close(handle: string): Promise<void> {
    const inspection = this.#open.get(handle);
    this.#open.delete(handle);
    await inspection?.close();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((handle) => this.close(handle)));
    await fs.rm(this.#options.folder, { recursive: true, force: true });
  }

  async order({ handle, series, by }: RequestOf<'inspection.order'>): Promise<ReplyOf<'inspection.order'>> {
    return orderOf(this.get(handle), series, by);
  }

  async #add(given: Pick<InspectionOptions, 'pcm' | 'model' | 'interventions'>): Promise<Description> {
    while (this.#open.size >= MOST_OPEN) await this.close(this.#open.keys().next().value!);
    const handle = newId();
    const { onProgress } = this.#options;
    let told = 0;
    const inspection = await Inspection.open({
      ...given,
      handle,
      path: join(this.#options.folder, handle),
      onProgress: (fraction) => {
        if (fraction < 1 && fraction - told < PROGRESS_STEP) return;
        told = fraction;
        onProgress({ handle, fraction: Math.min(1, fraction), error: null });
      },
    });
    this.#open.set(handle, inspection);
    inspection.whole.catch((error: unknown) => this.#tellFailure(inspection, error));
    return inspection.description;
  }

  #tellFailure({ description: { handle }, signal }: Inspection, error: unknown): void {
    if (signal.aborted) return;
    if (error instanceof UnrollError) this.#options.onProgress({ handle, fraction: 1, error: error.toMessage() });
    else this.#options.onBug(error);
  }
}

async function orderOf(
  inspection: Inspection,
  series: ActivationSeries,
  by: UnitOrder,
): Promise<ReplyOf<'inspection.order'>> {
  const source = await inspection.series(series);
  switch (by) {
    case 'index':
      return byIndex(source.width);
    case 'mean':
      return byScore(await means(source));
    case 'similarity':
      return bySimilarity(source);
    default:
      return byScore(await correlations(source, await stepSignal(inspection, by)));
  }
}
