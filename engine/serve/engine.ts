// The engine's parts, put together.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { RungReason } from '../../app/contract/rung';
import { UnrollError } from '../../app/errors';
import { decodeAudio } from '../data/audioFile';
import { FileQueue } from '../files/queue';
import { lockDataFolder, type DataLock } from '../library/dataLock';
import { TextShelf } from '../labelling/textShelf';
import { KeptModels } from '../library/keptModels';
import { ModelShelf } from '../library/modelShelf';
import { readOwnLanguage } from '../language/ownLanguage';
import { Recordings } from '../library/recordings';
import { recordingOfSound } from '../library/sameSound';
import { Runs } from '../library/runs';
import { Samples } from '../library/samples';
import { soundOf, transcribe } from '../listen/hearing';
import { Listener } from '../listen/listener';
import { OpenModel, type NetworkOpeners } from '../listen/openModel';
import { Recovery } from '../listen/recovery';
import { Comparisons } from '../training/comparisons';
import { advise } from '../runs/advice';
import { readyFeatures, type ReadyFeaturesOptions } from '../runs/readyFeatures';
import { RunReader } from '../runs/runReader';
import { featuresFolder, trainingFolder } from '../runs/trainingPlaces';
import { openCompileCache, type CompileCache } from '../runtime/compileCache';
import type { RungChoice } from '../runtime/rung';
import { openDataRoom, type DataRoom } from './dataRoom';
import { openInspections, type InspectionRoom } from './inspectionHandlers';
import type { Emit } from './dispatcher';
import type { ModelRoom } from './modelHandlers';
import type { BeforeRuns } from './runHandlers';
import { hasNativeLibrary, rungReasonOf } from './rungReason';
import type { TextRoom } from './textHandlers';

export interface EngineOptions {
  /** Folder of recordings and of what else is the person's; made where it is not there. */
  readonly data: string;
  /** Folder with models/ and samples/. */
  readonly assets: string;
  /** The process that started this one. */
  readonly owner: number;
  readonly rungs: RungChooser;
  readonly openers?: NetworkOpeners;
  readonly emit: Emit;
  readonly log: (line: string) => void;
  readonly onBug: (error: unknown) => void;
  /** The data folder has become another engine's. */
  readonly onLost: () => void;
  /** For a window to come back to its take after the engine died. */
  readonly graceMs?: number;
}

export interface RungChooser {
  /** One rung and no other. */
  readonly isForced: boolean;
  /** @throws UnrollError backend.unavailable */
  choose(): Promise<RungChoice>;
  /** What was chosen has worked. */
  confirm(): Promise<void>;
}

/** The window comes back within a second of the engine's start. */
const GRACE_MS = 5_000;
/** May be deleted at any time: it is made anew from the folders. */
const INDEX_FILE = 'recordings.sqlite';

export interface Engine {
  /** The person's folder. */
  readonly data: string;
  readonly rung: RungChoice;
  readonly rungReason: RungReason | null;
  readonly recordings: Recordings;
  readonly recovery: Recovery;
  readonly models: ModelShelf<OpenModel>;
  readonly listener: Listener;
  readonly files: FileQueue;
  readonly samples: Samples;
  readonly dataRoom: DataRoom;
  readonly runs: RunReader;
  readonly inspections: InspectionRoom;
  readonly beforeRuns: BeforeRuns;
  readonly texts: TextRoom;
  readonly modelRoom: ModelRoom;
  /** Ends in order: what is being recorded becomes recordings. */
  close(): Promise<void>;
}

/**
 * Opens everything: recordings are read, what was cut short is put together, the live model is warm.
 * @throws UnrollError data.inUse, backend.unavailable; a system error where the data folder cannot be used
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { data, emit, owner, log } = options;
  await fs.mkdir(data, { recursive: true });
  const lock = await lockDataFolder(data, options.onLost);
  try {
    const compileCache = await openCompileCache(data);
    const [rung, recordings] = await Promise.all([
      options.rungs.choose(),
      Recordings.open(join(data, 'recordings'), { indexFile: join(data, INDEX_FILE) }),
    ]);
    const models = shelfOf(options, rung);
    const openModel = (id: string): Promise<OpenModel> => models.open(id);
    const changed = (recoveredIds: string[]): void => emit('recordings.changed', { recoveredIds });
    const recovery = new Recovery({
      recordings,
      openModel,
      owner,
      graceMs: options.graceMs ?? GRACE_MS,
      onChanged: changed,
      log,
    });
    const listener = new Listener({
      recordings,
      openModel,
      owner,
      events: {
        recognised: (event) => emit('listen.recognised', event),
        settledAnew: (event) => emit('listen.settledAnew', event),
        failed: (streamId, error) => emit('listen.failed', { streamId, error }),
        changed: () => changed([]),
        bug: options.onBug,
      },
    });
    const files = await openFiles(options, recordings, openModel);
    await warmLiveModel(models, log);
    await options.rungs.confirm();
    (await recovery.begin()).rest.catch(options.onBug);
    const dataRoom = await openDataRoom({ data, assets: options.assets, emit, models, recordings, log });
    const samples = new Samples(join(options.assets, 'samples'));
    const allRuns = new Runs(join(data, 'runs'));
    const runs = new RunReader(allRuns);
    const sources = { recordings, samples, sets: dataRoom.sets };
    const inspections = await openInspections(options, sources, openModel);
    const texts = textRoom(options, rung);
    const modelRoom = await openModelRoom(options, { models, texts, dataRoom, runs: allRuns });
    const ending = { recovery, listener, dataRoom, inspections, texts, recordings, modelRoom };
    const rungReason = rungReasonOf(rung, options.rungs.isForced, hasNativeLibrary());
    return {
      ...{ data, rung, rungReason },
      recordings,
      recovery,
      ...{ models, listener, files, samples, dataRoom, runs, inspections },
      beforeRuns: beforeRuns(data, models),
      ...{ texts, modelRoom, close: () => closeAll(ending, lock, compileCache) },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

const beforeRuns = (data: string, models: ModelShelf<OpenModel>): BeforeRuns => ({
  advise: (body) => advise({ sets: join(data, 'sets'), manifestOf: (id) => models.manifest(id) }, body),
  readyFeatures: (body) => readyFeatures(featurePlaces(data), body),
});

const featurePlaces = (data: string): ReadyFeaturesOptions => ({
  sets: join(data, 'sets'),
  cache: featuresFolder(trainingFolder(data)),
});

function shelfOf({ assets, data, openers }: EngineOptions, { rung }: RungChoice): ModelShelf<OpenModel> {
  return new ModelShelf(
    [join(assets, 'models'), join(data, 'models')],
    async (model, dir) => new OpenModel(model, rung, openers, await readOwnLanguage(dir)),
  );
}

const textRoom = ({ assets, data }: EngineOptions, { rung }: RungChoice): TextRoom => ({
  shelf: new TextShelf(join(assets, 'models'), join(data, 'models'), rung),
  folder: join(data, 'inspections'),
  rung,
});

async function openModelRoom(
  { assets, data, emit, onBug }: EngineOptions,
  { models, texts, dataRoom, runs }: Pick<Engine, 'models' | 'texts' | 'dataRoom'> & { readonly runs: Runs },
): Promise<ModelRoom> {
  const kept = await KeptModels.open({
    ...{ bundled: join(assets, 'models'), own: join(data, 'models'), runs },
    onChanged: () => emit('models.changed', {}),
    onGone: (id) => {
      models.forget(id);
      texts.shelf.forget(id).catch(onBug);
    },
  });
  const comparisons = new Comparisons({
    openModel: (id) => models.open(id),
    rowsOf: async (setId, part) =>
      (await dataRoom.sets.whole(setId)).rows.filter((row) => !row.isLeftOut && (part === null || row.part === part)),
    onComparing: (event) => emit('models.comparing', event),
    onBug,
  });
  return { kept, comparisons, uploads: dataRoom.uploads };
}

function openFiles(
  { data, emit, onBug }: EngineOptions,
  recordings: Recordings,
  openModel: (id: string) => Promise<OpenModel>,
): Promise<FileQueue> {
  return FileQueue.open({
    folder: join(data, 'incoming'),
    decode: decodeAudio,
    transcribe: async (modelId, pcm, hearing, choice) => {
      const model = await openModel(modelId);
      return transcribe(model, soundOf(pcm), {
        ...hearing,
        decoder: model.decoderFor(choice),
        endpoints: choice?.endpoints,
      });
    },
    findSame: (pcm, durationMs) => recordingOfSound(recordings, pcm, durationMs),
    adopt: async (folder) => {
      await recordings.adopt(folder);
      emit('recordings.changed', { recoveredIds: [] });
    },
    onProgress: (event) => emit('files.progress', event),
    onBug,
  });
}

/** So that the first word does not wait for loading. A model that cannot be used is said to whoever asks for it. */
async function warmLiveModel(models: ModelShelf<OpenModel>, log: (line: string) => void): Promise<void> {
  try {
    const live = (await models.defaults())?.live;
    if (live !== undefined) await (await models.open(live)).warmUp();
  } catch (error) {
    if (!(error instanceof UnrollError)) throw error;
    log(error.code);
  }
}

async function closeAll(
  parts: Pick<Engine, 'recovery' | 'listener' | 'dataRoom' | 'inspections' | 'texts' | 'recordings' | 'modelRoom'>,
  lock: DataLock,
  compileCache: CompileCache | null,
): Promise<void> {
  parts.recovery.stop();
  await parts.listener.putAwayAll();
  await parts.modelRoom.comparisons.cancelAll();
  await parts.dataRoom.close();
  await parts.inspections.close();
  await parts.texts.shelf.close();
  parts.recordings.close();
  await compileCache?.close();
  await lock.release();
}
