// From rows of a manifest to a model: what `unroll train` and the recipes do.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { Alphabet, RecogniserManifest } from '../../app/contract/model';
import type { TrainingConfig } from '../../app/contract/trainingConfig';
import { UnrollError } from '../../app/errors';
import type { FrontEndSettings } from '../../app/features/settings';
import type { ManifestRow } from '../data/manifest';
import { MANIFEST_FILE, readRecogniser, writeModel, type Recogniser } from '../library/modelFiles';
import { parameterCount } from '../network/parameters';
import { findRate, type FindRateOptions, type FoundRate } from './findRate';
import { networkSpecFor } from './networkSpec';
import { configFrom, prepareRun, type PrepareOptions } from './prepareRun';
import { onDisk } from './runError';
import { learnModel, type LearnOptions, type TrainedRun } from './learnModel';

export type TrainModelOptions = PrepareOptions & LearnOptions;

/**
 * Trains, or goes on with the run in `out`, and writes the model to `out`/model unless the run is paused. A run that begins with a
 * model keeps a copy of it in `out`/start, so that going on needs no more than the folder and the data.
 * @throws UnrollError as prepareRun and learnModel; training.otherFrom where the run began with another model
 */
export async function trainModel(
  config: TrainingConfig,
  rows: readonly ManifestRow[],
  options: TrainModelOptions,
): Promise<TrainedRun> {
  const from = await onDisk(options.out, () => startOf(options.out, options.from ?? null));
  return learnModel(from === null ? config : configFrom(config, from), options, async () => {
    const prepared = await prepareRun(config, rows, { ...options, from });
    if (prepared === null) return null;
    const { input, alphabet, frontEnd, start } = prepared;
    return { input, start, manifest: manifestOf(config, alphabet, frontEnd) };
  });
}

/** Looks for a learning rate; null where it was paused while it read. @throws UnrollError as prepareRun */
export async function findModelRate(
  config: TrainingConfig,
  rows: readonly ManifestRow[],
  options: PrepareOptions & { readonly find?: FindRateOptions },
): Promise<FoundRate | null> {
  const prepared = await prepareRun(config, rows, options);
  return prepared && findRate(prepared.input, options.find);
}

/** Keeps the model that the run in `out` is to begin with. */
export const keepStart = (out: string, { manifest, parameters }: Recogniser): Promise<void> =>
  writeModel(startFolder(out), manifest, parameters, { dtype: 'F32' });

const startFolder = (out: string): string => join(out, 'start');

/** The model that the run in `out` begins with: the copy that it keeps, or `from`, which is then kept. */
async function startOf(out: string, from: Recogniser | null): Promise<Recogniser | null> {
  const folder = startFolder(out);
  const isKept = await fs.access(join(folder, MANIFEST_FILE)).then(
    () => true,
    () => false, // not there, or not to be read: the run then begins without it
  );
  if (!isKept) {
    if (from !== null) await keepStart(out, from);
    return from;
  }
  const kept = await readRecogniser(folder);
  if (from !== null && from.manifest.id !== kept.manifest.id)
    throw new UnrollError('training.otherFrom', { folder: out, model: from.manifest.id });
  return kept;
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
    ...(config.hears !== undefined && { hears: config.hears }),
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
