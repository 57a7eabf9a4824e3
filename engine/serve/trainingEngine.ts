// The parts of the engine that trains, put together. It is alone with the runs of the data folder; recordings are not its own.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { RungReason } from '../../app/contract/rung';
import type { RunStatus } from '../../app/contract/runs';
import { UnrollError } from '../../app/errors';
import { FeatureCache } from '../data/featureCache';
import { lockDataFolder } from '../library/dataLock';
import { renameModel } from '../library/modelFiles';
import { ModelShelf } from '../library/modelShelf';
import { Runs } from '../library/runs';
import { learnRun } from '../runs/learnRun';
import { RunList } from '../runs/runList';
import { modelName, RunQueue } from '../runs/runQueue';
import { RunStarter } from '../runs/runStarter';
import { RunWorker } from '../runs/runWorker';
import { featuresFolder } from '../runs/trainingPlaces';
import { openCompileCache } from '../runtime/compileCache';
import type { RungChoice } from '../runtime/rung';
import type { Emit } from './dispatcher';
import type { RungChooser } from './engine';
import { hasNativeLibrary, rungReasonOf } from './rungReason';

export interface TrainingEngineOptions {
  /** The person's folder, with sets/, runs/ and models/. */
  readonly data: string;
  /** The product's folder with models/. */
  readonly assets: string;
  /** What this engine keeps for itself: compiled programs, features. */
  readonly own: string;
  readonly rungs: RungChooser;
  readonly emit: Emit;
  readonly log: (line: string) => void;
  readonly onBug: (error: unknown) => void;
  /** The runs have become another engine's. */
  readonly onLost: () => void;
}

export interface TrainingEngine {
  readonly rung: RungChoice;
  readonly rungReason: RungReason | null;
  readonly queue: RunQueue;
  readonly starter: RunStarter;
  /** Tells the windows. */
  readonly emit: Emit;
  /** A run's model is called as it is. */
  rename(id: string, name: string): Promise<RunStatus>;
  /** Learns what waits. */
  begin(): void;
  /** Ends in order: the run at work leaves a checkpoint, and goes on with the next start. */
  close(): Promise<void>;
}

/** @throws UnrollError data.inUse, backend.unavailable; a system error where the data folder cannot be used */
export async function openTrainingEngine(options: TrainingEngineOptions): Promise<TrainingEngine> {
  const { data, own, rungs, emit } = options;
  const folder = join(data, 'runs');
  for (const each of [folder, own]) await fs.mkdir(each, { recursive: true });
  const lock = await lockDataFolder(folder, options.onLost);
  try {
    const compileCache = await openCompileCache(own);
    await new FeatureCache(featuresFolder(own)).prune();
    const rung = await rungs.choose();
    const runs = new Runs(folder);
    const list = await RunList.open({ runs, onChanged: (run) => emit('runs.changed', { run }) });
    const worker = workerOf(options, list, rung);
    const queue = new RunQueue(list, worker);
    const models = new ModelShelf([join(options.assets, 'models'), join(data, 'models')], async (model) => model);
    const starter = new RunStarter({
      ...{ queue, rung: rung.rung, sets: join(data, 'sets'), cache: featuresFolder(own) },
      openModel: (id) => models.open(id),
    });
    const rename = async (id: string, name: string): Promise<RunStatus> => {
      const run = await queue.rename(id, name);
      if (run.modelId !== null && (await isRenamed(join(data, 'models', run.modelId), name)))
        emit('models.changed', {});
      return run;
    };
    const close = async (): Promise<void> => {
      starter.end();
      await worker.close();
      await rungs.confirm();
      await compileCache?.close();
      await lock.release();
    };
    const rungReason = rungReasonOf(rung, rungs.isForced, hasNativeLibrary());
    return { rung, rungReason, queue, starter, emit, rename, begin: () => worker.wake(), close };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** False where the person has taken the model away. */
async function isRenamed(model: string, name: string): Promise<boolean> {
  try {
    await renameModel(model, modelName(name));
    return true;
  } catch (error) {
    if (error instanceof UnrollError && error.code === 'model.missing') return false;
    throw error;
  }
}

function workerOf(
  { data, own, rungs, emit, log, onBug }: TrainingEngineOptions,
  list: RunList,
  { rung }: RungChoice,
): RunWorker {
  let isProven = false;
  const prove = (): void => {
    if (!isProven) rungs.confirm().catch(onBug);
    isProven = true;
  };
  return new RunWorker({
    list,
    learn: learnRun({
      runs: list.runs,
      models: join(data, 'models'),
      sets: join(data, 'sets'),
      cache: featuresFolder(own),
      rung,
    }),
    events: {
      changed: (run) => emit('runs.changed', { run }),
      stepped: (event) => {
        prove();
        emit('runs.stepped', event);
      },
      epochEnded: (event) => emit('runs.epochEnded', event),
      modelMade: () => emit('models.changed', {}),
    },
    log,
    onBug,
  });
}
