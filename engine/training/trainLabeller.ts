// From a table of texts or a list of recordings to a model that gives labels: what `unroll train` does for their tasks.
import type { LabelConfig, SoundLabelConfig, TextLabelConfig } from '../../app/contract/labelConfig';
import type { LabellerManifest } from '../../app/contract/model';
import type { ManifestRow } from '../data/manifest';
import type { TextRow } from '../data/textTable';
import { parameterCount } from '../network/parameters';
import type { LabelRun } from './labelRun';
import { soundRun } from './soundRun';
import { textRun } from './textRun';
import { learnModel, type TrainedRun } from './learnModel';
import type { TrainModelOptions } from './trainModel';

/**
 * Trains on texts, or goes on with the run in `out`, and writes the model to `out`/model unless the run is paused.
 * @throws UnrollError as textRun and learnModel
 */
export const trainOnTexts = (
  config: TextLabelConfig,
  rows: readonly TextRow[],
  options: TrainModelOptions,
): Promise<TrainedRun<LabellerManifest>> =>
  learnModel(config, options, async () => prepared(config, textRun(config, rows), options));

/** The same on recordings whose transcript is their label. @throws UnrollError as soundRun and learnModel */
export const trainOnSounds = (
  config: SoundLabelConfig,
  rows: readonly ManifestRow[],
  options: TrainModelOptions,
): Promise<TrainedRun<LabellerManifest>> =>
  learnModel(config, options, async () => {
    const run = await soundRun(config, rows, options);
    return run === null ? null : prepared(config, run, options);
  });

const prepared = (config: LabelConfig, run: LabelRun, { rung }: TrainModelOptions) => ({
  input: { ...run.input, rung },
  manifest: manifestOf(config, run),
});

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
