// What a run needs that learns labels of recordings.
import type { SoundLabelConfig } from '../../app/contract/labelConfig';
import { MAX_LABEL_LENGTH, type Alphabet } from '../../app/contract/model';
import { UnrollError } from '../../app/errors';
import type { LeftOutRow } from '../data/dataset';
import { FeatureCache } from '../data/featureCache';
import type { ManifestRow } from '../data/manifest';
import { rowRefusal } from '../data/textTable';
import { classesOf, classWeightsOf, labelListOf } from '../labelling/labelList';
import { ClipSet, normalisationOf, readClips } from './clips';
import { digestOf, loopConfig, type LabelRun } from './labelRun';
import { soundNetwork } from './networkSpec';
import { splitForValidation } from './validationSplit';

export interface SoundRunHooks {
  readonly onPreparing?: (done: number, of: number) => void;
  readonly onLeftOut?: (rows: readonly LeftOutRow[]) => void;
}

/**
 * @param cacheDir folder for cached features
 * @throws UnrollError manifest.invalid where a row has no label or one too long; dataset.empty, training.labels, training.noLabel
 */
export async function soundRun(
  config: SoundLabelConfig,
  rows: readonly ManifestRow[],
  cacheDir: string,
  hooks: SoundRunHooks,
): Promise<LabelRun> {
  const { validationFraction, seed, classWeights } = config.training;
  const split = splitForValidation(rows, validationFraction, seed);
  const parts = [split.training, split.validation];
  const labels = labelListOf(parts.flat().map((row) => [labelOf(row)]));
  const [read, held] = await readParts(config, parts, labels, cacheDir, hooks);
  if (read === undefined || held === undefined || read.clips.length === 0)
    throw new UnrollError('dataset.empty', { rows: rows.length });
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
      validation: held.clips.map((_, index) => validationSet.plainExample(index)),
    },
    model: { labels, network, frontEnd },
  };
}

/** A recording's label stands where its transcript would. */
function labelOf({ transcript, manifest: file, line }: ManifestRow): string {
  if (transcript === '') throw rowRefusal({ file, line }, 'It has no label.');
  if (transcript.length > MAX_LABEL_LENGTH)
    throw rowRefusal({ file, line }, `Its label is longer than ${MAX_LABEL_LENGTH} characters.`);
  return transcript;
}

/** Labels in the place of symbols: each recording has one and is never strung together with others. */
const alphabetOf = (labels: readonly string[]): Alphabet => ({
  symbols: [...labels],
  wordSeparator: null,
  unknown: null,
});

async function readParts(
  config: SoundLabelConfig,
  parts: readonly (readonly ManifestRow[])[],
  labels: readonly string[],
  cacheDir: string,
  { onPreparing, onLeftOut }: SoundRunHooks,
) {
  const cache = new FeatureCache(cacheDir);
  const alphabet = alphabetOf(labels);
  const classes = classesOf(labels);
  const total = parts.reduce((sum, rows) => sum + rows.length, 0);
  const read = [];
  let before = 0;
  for (const [index, rows] of parts.entries()) {
    const labelled = rows.map((row) => ({ row, labels: classes([labelOf(row)]) }));
    // The first part is learned, in disturbed copies; the others are heard as they are.
    const augmentation = index === 0 ? config.augmentation : { ...config.augmentation, copies: 1 };
    const start = before;
    const onProgress = (done: number): void => onPreparing?.(start + done, total);
    read.push(await readClips(labelled, { config, alphabet, cache, augmentation, onProgress }));
    before += rows.length;
  }
  onLeftOut?.(read.flatMap(({ leftOut }) => leftOut));
  return read;
}
