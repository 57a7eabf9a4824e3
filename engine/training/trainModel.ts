// From rows of a manifest to a model: what `unroll train` and the recipes do.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { UnrollError } from '../../app/errors';
import { blankClass, type Alphabet, type ModelManifest, type RecogniserManifest } from '../../app/contract/model';
import type { FrontEndSettings } from '../../app/features/settings';
import type { Rung } from '../../app/contract/rung';
import { NO_SOURCES, type SoundSources } from '../data/augment';
import { alphabetFrom, labelRows, type LeftOutRow } from '../data/dataset';
import { FeatureCache } from '../data/featureCache';
import type { ManifestRow } from '../data/manifest';
import { writeModel } from '../library/modelFiles';
import { parameterCount, type ParameterSet } from '../network/parameters';
import { cardText } from './cardText';
import { ClipSet, normalisationOf, quietClips, readClips, type ReadClips } from './clips';
import type { TrainingConfig } from '../../app/contract/trainingConfig';
import { RunFolder } from './runFolder';
import { networkSpecFor, speechTarget } from './networkSpec';
import type { Best } from './progress';
import type { EpochReport } from './records';
import { onDisk } from './runError';
import { train, type TrainHooks, type TrainInput } from './train';
import { splitForValidation } from './validationSplit';

export interface TrainModelOptions {
  /** The run's folder. */
  readonly out: string;
  /** Folder for cached features. */
  readonly cache: string;
  readonly rung: Rung;
  /** Noise and rooms of the person's own. */
  readonly sources?: SoundSources;
  readonly hooks?: TrainModelHooks;
}

/** What a training tells of, while it reads and while it learns. */
export interface TrainModelHooks extends TrainHooks {
  readonly onPreparing?: (done: number, of: number) => void;
  readonly onLeftOut?: (rows: readonly LeftOutRow[]) => void;
}

/** How a run ended. */
export type TrainedRun<M extends ModelManifest = RecogniserManifest> = {
  /** Of the last epoch that this call took; null where there was none. */
  readonly report: EpochReport | null;
} & (
  | { readonly kind: 'paused' }
  /** Finished, or stopped by somebody; the model is of the best epoch, null where no epoch was done. */
  | {
      readonly kind: 'finished' | 'stopped';
      readonly best: Best | null;
      readonly manifest: M;
      readonly parameters: ParameterSet;
    }
);

/**
 * Trains, or goes on with the run in `out`, and writes the model to `out`/model unless the run is paused.
 * @throws UnrollError dataset.empty where no row could be used; training.teacherOutputs; training.diverged, after the best weights were written,
 * or training.divergedAtOnce where there were none; training.diskFull, training.disk; file.missing and the like for a recording
 */
export async function trainModel(
  config: TrainingConfig,
  rows: readonly ManifestRow[],
  options: TrainModelOptions,
): Promise<TrainedRun> {
  return learnModel(config, options, async () => {
    const prepared = await prepare(config, rows, options);
    if (prepared === null) return null;
    const { input, alphabet, frontEnd } = prepared;
    return { input, manifest: manifestOf(config, alphabet, frontEnd) };
  });
}

/**
 * Trains what is prepared, whatever kind of model it becomes, and writes it.
 * @param prepare reads the data; null where the run was paused meanwhile
 * @throws UnrollError training.diverged, training.divergedAtOnce, training.diskFull, training.disk, and what `prepare` throws
 */
export async function learnModel<M extends ModelManifest>(
  config: unknown,
  { out, hooks = {} }: TrainModelOptions,
  prepare: () => Promise<{ readonly input: TrainInput; readonly manifest: M } | null>,
): Promise<TrainedRun<M>> {
  return onDisk(out, async () => {
    const folder = new RunFolder(out);
    await folder.create(config);
    const prepared = await prepare();
    if (prepared === null) return { kind: 'paused', report: null };
    const { input, manifest } = prepared;
    let report: EpochReport | null = null;
    const onEpoch = (epoch: EpochReport): void => {
      report = epoch;
      hooks.onEpoch?.(epoch);
    };
    const outcome = await train(input, folder, { ...hooks, onEpoch });
    if (outcome.kind === 'paused') return { kind: 'paused', report };
    if (outcome.kind === 'divergedAtOnce')
      throw new UnrollError('training.divergedAtOnce', { steps: outcome.skippedInRow });
    const { parameters, best } = outcome;
    await writeModel(join(out, 'model'), manifest, parameters, { dtype: 'F32' });
    await fs.writeFile(join(out, 'MODEL_CARD.md'), cardText(manifest));
    if (outcome.kind === 'diverged')
      throw new UnrollError('training.diverged', { steps: outcome.skippedInRow, folder: join(out, 'model') });
    return { kind: outcome.kind, manifest, parameters, best, report };
  });
}

/** Null where the run was paused while it read. */
async function prepare(
  config: TrainingConfig,
  rows: readonly ManifestRow[],
  { cache, rung, sources = NO_SOURCES, hooks = {} }: TrainModelOptions,
): Promise<{ readonly input: TrainInput; readonly alphabet: Alphabet; readonly frontEnd: FrontEndSettings } | null> {
  const alphabet = alphabetFrom(rows, { vocabulary: config.vocabulary, aliases: config.aliases });
  checkTaught(config, alphabet);
  hooks.onActivity?.('reading');
  const data = await readData(config, rows, alphabet, { cacheDir: cache, sources, hooks });
  if (data === null) return null;
  const { read, heldRead } = data;
  const frontEnd = { ...config.frontEnd, normalisation: normalisationOf(read.clips, config) };
  const setOptions = { frontEnd, augmentation: config.augmentation, alphabet, network: config.network };
  const validationSet = new ClipSet(heldRead.clips, setOptions);
  const input: TrainInput = {
    config,
    ...speechTarget(config, frontEnd, alphabet),
    training: new ClipSet([...read.clips, ...quietClips(read.clips.length, config)], setOptions),
    validation: heldRead.clips.map((_, index) => validationSet.plainExample(index)),
    validationPaths: heldRead.paths,
    rung,
  };
  return { input, alphabet, frontEnd };
}

/** The clips to learn from and those held back, or null where the run was paused; which rows were left out is told. */
async function readData(
  config: TrainingConfig,
  rows: readonly ManifestRow[],
  alphabet: Alphabet,
  { cacheDir, sources, hooks }: { cacheDir: string; sources: SoundSources; hooks: TrainModelHooks },
): Promise<{ readonly read: ReadClips; readonly heldRead: ReadClips } | null> {
  const wording = { vocabulary: config.vocabulary, aliases: config.aliases };
  const split = splitForValidation(rows, config.training.validationFraction, config.training.seed);
  const usable = labelRows(split.training, alphabet, wording);
  const held = labelRows(split.validation, alphabet, wording);
  const cache = new FeatureCache(cacheDir);
  const total = usable.labelled.length + held.labelled.length;
  const isPaused = (): boolean => hooks.control?.() === 'pause';
  const read = await readClips(usable.labelled, {
    config,
    alphabet,
    cache,
    augmentation: config.augmentation,
    sources,
    onProgress: (done) => hooks.onPreparing?.(done, total),
    isPaused,
  });
  if (read === null) return null;
  const heldRead = await readClips(held.labelled, {
    config,
    alphabet,
    cache,
    augmentation: { ...config.augmentation, copies: 1 },
    onProgress: (done) => hooks.onPreparing?.(usable.labelled.length + done, total),
    isPaused,
  });
  if (heldRead === null) return null;
  hooks.onLeftOut?.([...usable.leftOut, ...held.leftOut, ...read.leftOut, ...heldRead.leftOut]);
  if (read.clips.length === 0) throw new UnrollError('dataset.empty', { rows: rows.length });
  return { read, heldRead };
}

/** A layer that is told the targets has an output for each: the symbols and the blank. */
function checkTaught({ network }: TrainingConfig, alphabet: Alphabet): void {
  const classes = blankClass(alphabet) + 1;
  for (const layer of network.layers) {
    if (layer.cell !== 'jordan' || layer.teacherForcing !== true || layer.outputs === classes) continue;
    throw new UnrollError('training.teacherOutputs', { outputs: layer.outputs, classes });
  }
}

function manifestOf(config: TrainingConfig, alphabet: Alphabet, frontEnd: FrontEndSettings): RecogniserManifest {
  const network = networkSpecFor(config, frontEnd, alphabet);
  return {
    format: 'unroll-model',
    version: 1,
    id: config.id,
    name: config.name,
    frontEnd,
    alphabet,
    network,
    card: {
      understands: config.understands,
      words: config.vocabulary ?? [],
      language: config.language,
      licence: config.licence,
      data: [],
      parameters: parameterCount(network),
      errors: [],
      trainedOn: new Date().toISOString().slice(0, 10),
      recipe: '',
    },
  };
}
