// From a table of texts or a list of recordings to a model that gives labels: what `unroll train` does for their tasks.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { LabelConfig, SoundLabelConfig, TextLabelConfig } from '../../app/contract/labelConfig';
import type { LabellerManifest } from '../../app/contract/model';
import { UnrollError } from '../../app/errors';
import type { ManifestRow } from '../data/manifest';
import type { TextRow } from '../data/textTable';
import { writeModel } from '../library/modelFiles';
import { parameterCount, type ParameterSet } from '../network/parameters';
import { cardText } from './cardText';
import type { LabelRun } from './labelRun';
import { RunFolder } from './runFolder';
import { soundRun } from './soundRun';
import { textRun } from './textRun';
import { train, type EpochReport } from './train';
import { weightsOf, type TrainModelOptions } from './trainModel';

export interface TrainedLabeller {
  readonly manifest: LabellerManifest;
  readonly parameters: ParameterSet;
  /** Of the last epoch that this call took; null where the run was done before. */
  readonly report: EpochReport | null;
}

/** Trains on texts, or goes on with the run in `out`, and writes the model to `out`/model. @throws UnrollError as textRun and trainModel */
export async function trainOnTexts(
  config: TextLabelConfig,
  rows: readonly TextRow[],
  options: TrainModelOptions,
): Promise<TrainedLabeller> {
  return trainLabeller(config, textRun(config, rows), options);
}

/** Trains on recordings whose transcript is their label. @throws UnrollError as soundRun and trainModel */
export async function trainOnSounds(
  config: SoundLabelConfig,
  rows: readonly ManifestRow[],
  options: TrainModelOptions,
): Promise<TrainedLabeller> {
  return trainLabeller(config, await soundRun(config, rows, options.cache, options.hooks ?? {}), options);
}

async function trainLabeller(
  config: LabelConfig,
  run: LabelRun,
  { out, rung, hooks = {} }: TrainModelOptions,
): Promise<TrainedLabeller> {
  const folder = new RunFolder(out);
  await folder.create(config);
  let report: EpochReport | null = null;
  const onEpoch = (epoch: EpochReport): void => {
    report = epoch;
    hooks.onEpoch?.(epoch);
  };
  const outcome = await train({ ...run.input, rung }, folder, { ...hooks, onEpoch });
  const parameters = weightsOf(outcome);
  const manifest = manifestOf(config, run);
  await writeModel(join(out, 'model'), manifest, parameters, { dtype: 'F32' });
  await fs.writeFile(join(out, 'MODEL_CARD.md'), cardText(manifest));
  if (outcome.kind === 'diverged')
    throw new UnrollError('training.diverged', { steps: outcome.skippedInRow, folder: join(out, 'model') });
  return { manifest, parameters, report };
}

function manifestOf({ id, name, understands, language, licence }: LabelConfig, { model }: LabelRun): LabellerManifest {
  const common = {
    format: 'unroll-model' as const,
    version: 1 as const,
    id,
    name,
    card: {
      understands,
      words: [],
      language,
      licence,
      data: [],
      parameters: parameterCount(model.network),
      errors: [],
      trainedOn: new Date().toISOString().slice(0, 10),
      recipe: '',
    },
  };
  return { ...common, ...model };
}
