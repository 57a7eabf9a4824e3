// What a run needs before its first step: the alphabet, the clips, the features' normalisation, and what it begins with.
import { blankClass, type Alphabet } from '../../app/contract/model';
import type { Rung } from '../../app/contract/rung';
import type { TrainingConfig } from '../../app/contract/trainingConfig';
import { UnrollError } from '../../app/errors';
import type { FrontEndSettings } from '../../app/features/settings';
import { NO_SOURCES, type SoundSources } from '../data/augment';
import { alphabetFrom, isInWholeWords, labelRows, type LeftOutRow, type Wording } from '../data/dataset';
import { FeatureCache } from '../data/featureCache';
import type { ManifestRow } from '../data/manifest';
import type { Recogniser } from '../library/modelFiles';
import { ClipSet, normalisationOf, quietClips, readClips, type ReadClips } from './clips';
import { beginningFrom, checkFrozen, type Beginning } from './fineTune';
import { speechTarget } from './networkSpec';
import type { TrainHooks, TrainInput } from './train';
import { splitForValidation } from './validationSplit';

export interface PrepareOptions {
  /** Folder for cached features. */
  readonly cache: string;
  readonly rung: Rung;
  /** Noise and rooms of the person's own. */
  readonly sources?: SoundSources;
  /** The model that the run begins with: its front end and normalisation are kept, and of its network what fits. */
  readonly from?: Recogniser | null;
  readonly hooks?: TrainModelHooks;
}
/** What a training tells of, while it reads and while it learns. */
export interface TrainModelHooks extends TrainHooks {
  readonly onPreparing?: (done: number, of: number) => void;
  readonly onLeftOut?: (rows: readonly LeftOutRow[]) => void;
}

/** What a run began with. */
export interface Start extends Omit<Beginning, 'parameters'> {
  readonly id: string;
}
export interface PreparedRun {
  readonly input: TrainInput;
  readonly alphabet: Alphabet;
  readonly frontEnd: FrontEndSettings;
  readonly start: Start | null;
}

const wordingOf = ({ vocabulary, aliases, symbols }: TrainingConfig): Wording => ({
  vocabulary,
  aliases,
  symbols,
});

/** A configuration whose features are those of a model. */
export const configFrom = (config: TrainingConfig, { manifest }: Pick<Recogniser, 'manifest'>): TrainingConfig => ({
  ...config,
  frontEnd: { ...manifest.frontEnd, normalisation: { kind: 'none' } },
});

/**
 * @returns null where the run was paused while it read
 * @throws UnrollError dataset.empty where no row could be used; training.teacherOutputs; training.fromMisfit, training.frozenMisfit, training.frozenNothing; file.missing and the like for a recording
 */
export async function prepareRun(
  given: TrainingConfig,
  rows: readonly ManifestRow[],
  { cache, rung, sources = NO_SOURCES, from = null, hooks = {} }: PrepareOptions,
): Promise<PreparedRun | null> {
  const config = from === null ? given : configFrom(given, from);
  const alphabet = alphabetFrom(rows, wordingOf(config));
  checkTaught(config, alphabet);
  const begin = (frontEnd: FrontEndSettings): Pick<PreparedRun, 'start'> & Pick<TrainInput, 'beginning'> => {
    const { frozenLayers = 0 } = config.training;
    if (from === null) {
      checkFrozen(frozenLayers, null, '');
      return { start: null };
    }
    const learned = {
      spec: from.manifest.network,
      labels: from.manifest.alphabet.symbols,
      parameters: from.parameters,
    };
    const { id } = from.manifest;
    const wanted = speechTarget(config, frontEnd, alphabet);
    const { parameters, ...kept } = beginningFrom(learned, wanted, config.training.seed, id);
    checkFrozen(frozenLayers, kept, id);
    return { beginning: parameters, start: { id, ...kept } };
  };
  // What does not fit is said before an hour of reading.
  begin(from === null ? config.frontEnd : from.manifest.frontEnd);
  hooks.onActivity?.('reading');
  const data = await readData(config, rows, alphabet, { cacheDir: cache, sources, hooks });
  if (data === null) return null;
  const { read, heldRead } = data;
  const measured = { ...config.frontEnd, normalisation: normalisationOf(read.clips, config) };
  const frontEnd = from === null ? measured : from.manifest.frontEnd;
  const setOptions = { frontEnd, augmentation: config.augmentation, alphabet, network: config.network };
  const validationSet = new ClipSet(heldRead.clips, setOptions);
  const { start, ...beginning } = begin(frontEnd);
  const input: TrainInput = {
    config,
    ...speechTarget(config, frontEnd, alphabet),
    ...(isInWholeWords(config) && { between: ' ' }),
    ...beginning,
    training: new ClipSet([...read.clips, ...quietClips(read.clips.length, config)], setOptions),
    trainingPaths: read.paths,
    validation: heldRead.clips.map((_, index) => validationSet.plainExample(index)),
    validationPaths: heldRead.paths,
    rung,
  };
  return { input, alphabet, frontEnd, start };
}

/** The clips to learn from and those held back, or null where the run was paused; which rows were left out is told. */
async function readData(
  config: TrainingConfig,
  rows: readonly ManifestRow[],
  alphabet: Alphabet,
  { cacheDir, sources, hooks }: { cacheDir: string; sources: SoundSources; hooks: TrainModelHooks },
): Promise<{ readonly read: ReadClips; readonly heldRead: ReadClips } | null> {
  const wording = wordingOf(config);
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

/**
 * A layer that is told the targets has an output for each: the symbols and the blank.
 * @throws UnrollError training.teacherOutputs
 */
export function checkTaught({ network }: Pick<TrainingConfig, 'network'>, alphabet: Alphabet): void {
  const classes = blankClass(alphabet) + 1;
  for (const layer of network.layers) {
    if (layer.cell !== 'jordan' || layer.teacherForcing !== true || layer.outputs === classes) continue;
    throw new UnrollError('training.teacherOutputs', { outputs: layer.outputs, classes });
  }
}
