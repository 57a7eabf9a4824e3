// What a run needs that learns labels of recordings.
import type { SoundLabelConfig } from '../../app/contract/labelConfig';
import { MAX_LABEL_LENGTH, type Alphabet } from '../../app/contract/model';
import { UnrollError } from '../../app/errors';
import { FeatureCache } from '../data/featureCache';
import type { ManifestRow } from '../data/manifest';
import { NO_SOURCES } from '../data/augment';
import { rowRefusal } from '../data/textTable';
import { classesOf, classWeightsOf, labelListOf } from '../labelling/labelList';
import { ClipSet, normalisationOf, readClips, type ReadClips } from './clips';
import { digestOf, loopConfig, type LabelRun } from './labelRun';
import { soundNetwork } from './networkSpec';
import type { TrainModelOptions } from './trainModel';
import { splitForValidation } from './validationSplit';

/**
 * @returns null where the run was paused
 * @throws UnrollError manifest.invalid where a row has no label or one too long; dataset.empty, training.labels, training.noLabel
 */
export async function soundRun(
  config: SoundLabelConfig,
  rows: readonly ManifestRow[],
  options: TrainModelOptions,
): Promise<LabelRun | null> {
  const { validationFraction, seed, classWeights } = config.training;
  const split = splitForValidation(rows, validationFraction, seed);
  const labels = labelListOf([...split.training, ...split.validation].map((row) => [labelOf(row)]));
  options.hooks?.onActivity?.('reading');
  const data = await readSplit(config, split, labels, options);
  if (data === null) return null;
  const { read, held } = data;
  if (read.clips.length === 0) throw new UnrollError('dataset.empty', { rows: rows.length });
  const frontEnd = { ...config.frontEnd, normalisation: normalisationOf(read.clips, config) };
  const head = { kind: config.network.head, classes: labels.length };
  const network = soundNetwork(config, frontEnd, head);
  const setOptions = {
    frontEnd,
    augmentation: config.augmentation,
    alphabet: alphabetOf(labels),
    network: config.network,
  };
  const validationSet = new ClipSet(held.clips, setOptions);
  return {
    input: {
      config: loopConfig(config),
      spec: network,
      labels,
      classWeights: classWeightsOf(
        classWeights,
        labels,
        split.training.map((row) => [labelOf(row)]),
      ),
      circumstances: [config, labels, frontEnd, digestOf(read.clips.map((clip) => [...clip.labels]))],
      training: new ClipSet(read.clips, setOptions),
      trainingPaths: read.paths,
      validation: held.clips.map((_, index) => validationSet.plainExample(index)),
      validationPaths: held.paths,
    },
    model: { labels, network, frontEnd },
  };
}

/** A recording's label stands where its transcript would. */
function labelOf({ transcript, manifest: file, line }: ManifestRow): string {
  if (transcript === '') throw rowRefusal({ file, line }, { reason: 'reason.text.noLabel' });
  if (transcript.length > MAX_LABEL_LENGTH)
    throw rowRefusal(
      { file, line },
      { reason: 'reason.text.longLabel', label: transcript.slice(0, 20), most: MAX_LABEL_LENGTH },
    );
  return transcript;
}

/** Labels in the place of symbols: each recording has one and is never strung together with others. */
const alphabetOf = (labels: readonly string[]): Alphabet => ({
  symbols: [...labels],
  wordSeparator: null,
  unknown: null,
});

/** What is learned, in disturbed copies, and what is held back, as it is; null where the run was paused. */
async function readSplit(
  config: SoundLabelConfig,
  { training, validation }: { readonly training: readonly ManifestRow[]; readonly validation: readonly ManifestRow[] },
  labels: readonly string[],
  { cache, sources = NO_SOURCES, hooks = {} }: TrainModelOptions,
): Promise<{ readonly read: ReadClips; readonly held: ReadClips } | null> {
  const { onPreparing, onLeftOut, control } = hooks;
  const classes = classesOf(labels);
  const labelled = (rows: readonly ManifestRow[]) => rows.map((row) => ({ row, labels: classes([labelOf(row)]) }));
  const { augmentation } = config;
  const total = training.length + validation.length;
  const common = {
    config,
    alphabet: alphabetOf(labels),
    cache: new FeatureCache(cache),
    sources,
    isPaused: () => control?.() === 'pause',
  };
  const read = await readClips(labelled(training), {
    ...common,
    augmentation,
    onProgress: (done) => onPreparing?.(done, total),
  });
  if (read === null) return null;
  const held = await readClips(labelled(validation), {
    ...common,
    augmentation: { ...augmentation, copies: 1 },
    onProgress: (done) => onPreparing?.(training.length + done, total),
  });
  if (held === null) return null;
  onLeftOut?.([...read.leftOut, ...held.leftOut]);
  return { read, held };
}
