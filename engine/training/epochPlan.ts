// What an epoch of a run learns, batch by batch. All of it follows from the configuration, the clips and the epoch's number.
import { UnrollError } from '../../app/errors';
import type { TrainingConfig } from '../../app/contract/trainingConfig';
import type { NetworkSpec } from '../../app/contract/network';
import type { CompiledShape, LabelledBatch } from '../network/program';
import { labelsOfSteps } from '../network/stack';
import { padBatch, rowsOf, type Example } from './examples';
import { planBatches, planUtterances, type PlannedClip, type PlannedUtterance, type PlanOptions } from './plan';

/** What a run learns from as the loop needs it; how it was read, disturbed and cached is the store's business. */
export interface ExampleStore {
  readonly clips: readonly PlannedClip[];
  /** One utterance of the plan: frames [n, D] ready for the network, masks drawn from `seed`, and its labels. */
  example(utterance: PlannedUtterance, seed: number): Example;
  /** For a flat start: the same frames with one label for every frame, the clips' symbols spread evenly over their speech. */
  alignedExample?(utterance: PlannedUtterance, seed: number): Example;
}

export interface EpochPlan {
  readonly isFlat: boolean;
  readonly utterances: readonly PlannedUtterance[];
  /** Numbers of utterances. */
  readonly batches: readonly (readonly number[])[];
}

/** @throws UnrollError training.noFlatStart where no clip belongs to a corpus that the flat start names */
export function planEpoch(
  config: Pick<TrainingConfig, 'training' | 'stringing'>,
  store: ExampleStore,
  epoch: number,
): EpochPlan {
  const { flatStart, curriculumEpochs } = config.training;
  const isFlat = epoch < flatStart.epochs;
  const isFromShortToLong = epoch < curriculumEpochs;
  const options: PlanOptions = { ...config.training, epoch, stringing: config.stringing, isFromShortToLong };
  const isSpread = (corpus: string): boolean => flatStart.corpora.length === 0 || flatStart.corpora.includes(corpus);
  const utterances = planUtterances(store.clips, options).filter(
    (parts) => !isFlat || parts.every(({ clip }) => isSpread(store.clips[clip]?.corpus ?? '')),
  );
  if (utterances.length === 0 && isFlat)
    throw new UnrollError('training.noFlatStart', { corpora: flatStart.corpora.join(', ') });
  const lengths = utterances.map((parts) => framesOf(store, parts));
  return { isFlat, utterances, batches: planBatches(lengths, options) };
}

const framesOf = ({ clips }: Pick<ExampleStore, 'clips'>, parts: PlannedUtterance): number =>
  parts.reduce((sum, { clip, copy }) => sum + (clips[clip]?.copyFrames[copy] as number), 0);

/**
 * Frames and rows of a plan's batches from one on. What is drawn for a batch makes it a little longer or shorter: pace, cut
 * edges, silence at the end.
 */
export const shapesOf = (
  store: Pick<ExampleStore, 'clips'>,
  { utterances, batches }: EpochPlan,
  from: number,
): CompiledShape[] =>
  batches.slice(from).map((batch) => ({
    T: Math.max(...batch.map((index) => framesOf(store, utterances[index] as PlannedUtterance))),
    N: rowsOf(batch.length),
  }));

/** The recordings in a batch, each once. @param paths of the clips; those that are no recording have none */
export function recordingsOf(
  { utterances }: Pick<EpochPlan, 'utterances'>,
  batch: readonly number[],
  paths: readonly string[],
): string[] {
  const clips = batch.flatMap((index) => (utterances[index] as PlannedUtterance).map(({ clip }) => clip));
  return [...new Set(clips)].flatMap((clip) => paths[clip] ?? []);
}

/** One batch of a plan, disturbed by draws from `seed`. */
export function batchOf(
  store: ExampleStore,
  spec: NetworkSpec,
  { isFlat, utterances }: EpochPlan,
  batch: readonly number[],
  seed: number,
): LabelledBatch {
  const examples = batch.map((index, row) => {
    const utterance = utterances[index] as PlannedUtterance;
    const exampleSeed = seed + row * 104_729;
    if (!isFlat) return store.example(utterance, exampleSeed);
    const aligned = store.alignedExample?.(utterance, exampleSeed);
    if (aligned === undefined)
      throw new Error('Expected examples with a label for every frame: a flat start needs them');
    return { ...aligned, labels: labelsOfSteps(spec, aligned.labels) };
  });
  return padBatch(examples, rowsOf(batch.length));
}
