// How long a run will take, from its first recording to its model: some of its recordings are measured, its first epoch is planned,
// and what an epoch consists of is tried a few times on features made up.
import type { CompiledShape } from '../network/program';
import type { Rung } from '../../app/contract/rung';
import type { TrainingConfig } from '../../app/contract/trainingConfig';
import { MAX_FILE_BYTES, RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import { decodeAudio } from '../data/audioFile';
import { alphabetFrom } from '../data/dataset';
import type { ManifestRow } from '../data/manifest';
import { readNamedFile } from '../data/namedFile';
import { makeRandom } from '../runtime/random';
import { parameterCount } from '../network/parameters';
import { validationRows } from '../training/answers';
import { rowsOf } from '../training/examples';
import { HEARINGS_EVERY_MS } from '../training/hearingsWriter';
import { networkSpecFor } from '../training/networkSpec';
import { planBatches, planUtterances, type PlannedClip, type PlanOptions } from '../training/plan';
import { splitForValidation } from '../training/validationSplit';
import { readingSeconds, type MeasuredRecording } from './readingTime';
import { probeCosts, type Costs } from './runCosts';

/** Recordings that are opened to learn how long they are. */
const MEASURED = 24;
/** Epochs of a large set are alike; those of a small one differ in their shapes. */
const PLANNED_EPOCHS = 8;
/** Larger networks take too long to be tried. */
const MOST_PARAMETERS = 20_000_000;

export interface Planned {
  readonly planned: readonly CompiledShape[];
  readonly plannedEpochs: number;
  /** After each epoch. */
  readonly validated: readonly CompiledShape[];
}
export interface ExpectedTimeOptions {
  readonly rung: Rung;
  /** Features that runs share: what is there needs not be computed. The run's disk is tried there. */
  readonly cache: string;
}

/** @returns seconds for the whole run; null where no recording can be read, or the network is too large to be tried */
export async function expectedSeconds(
  rows: readonly ManifestRow[],
  config: TrainingConfig,
  { rung, cache }: ExpectedTimeOptions,
): Promise<number | null> {
  const { validationFraction, seed } = config.training;
  const { training, validation } = splitForValidation(rows, validationFraction, seed);
  const measured = await someRecordings(training, config);
  const spec = networkSpecFor(config, config.frontEnd, alphabetFrom(rows, config));
  if (measured.length === 0 || parameterCount(spec) > MOST_PARAMETERS) return null;
  const lengths = measured.map(({ frames }) => frames);
  const plannedEpochs = Math.min(config.training.epochs, PLANNED_EPOCHS);
  const planned = plannedBatches(training, lengths, config, plannedEpochs);
  const validated = validationBatches(validation.length, lengths);
  const costs = await probeCosts({ spec, config, rung, batches: planned, validated, folder: cache });
  const reading = await readingSeconds(measured, {
    training: training.length,
    validation: validation.length,
    config,
    cache,
  });
  return reading + learningSeconds({ planned, plannedEpochs, validated }, config, costs);
}

/** From the first step to the last checkpoint. */
export function learningSeconds(
  { planned, plannedEpochs, validated }: Planned,
  { training }: Pick<TrainingConfig, 'training'>,
  { perFrame, perStep, compiling, perValidatedFrame, compilingValidation, ...writing }: Costs,
): number {
  const { epochs, flatStart, checkpointSeconds, checkpointSteps } = training;
  const flatEpochs = Math.min(epochs, flatStart.epochs);
  const steps = (epochs * planned.length) / plannedEpochs;
  const learning = (epochs / plannedEpochs) * framesOf(planned) * perFrame + steps * perStep;
  const validating = (epochs - flatEpochs) * framesOf(validated) * perValidatedFrame + epochs * writing.perEpoch;
  // The flat start has a program of its own.
  const programs = flatEpochs > 0 && flatEpochs < epochs ? 2 : 1;
  const computing = learning + validating + programs * compiling + compilingValidation;
  const hearings = Math.min(epochs - flatEpochs, 1 + (1000 * computing) / HEARINGS_EVERY_MS);
  const working = computing + hearings * writing.perHearings;
  const savesByTime = checkpointSeconds === 0 ? steps : working / checkpointSeconds;
  const savesBySteps = checkpointSteps === null ? 0 : steps / checkpointSteps;
  return working + (1 + Math.min(steps, Math.max(savesByTime, savesBySteps))) * writing.perSave;
}

const framesOf = (shapes: readonly CompiledShape[]): number => shapes.reduce((sum, { T, N }) => sum + T * N, 0);

/** Some recordings, evenly spread over the list; those that cannot be read are passed over. */
async function someRecordings(
  rows: readonly ManifestRow[],
  { frontEnd }: TrainingConfig,
): Promise<MeasuredRecording[]> {
  const count = Math.min(MEASURED, rows.length);
  const measured: MeasuredRecording[] = [];
  for (let index = 0; index < count; index++) {
    const { path } = rows[Math.floor((index * rows.length) / count)]!;
    try {
      const bytes = await readNamedFile(path, MAX_FILE_BYTES);
      const seconds = (await decodeAudio(bytes, path)).length / RECORDING_SAMPLE_RATE_HZ;
      const frames = Math.max(1, Math.round((1000 * seconds) / frontEnd.hopMs));
      measured.push({ bytes, path, seconds, frames });
    } catch (error) {
      if (!(error instanceof UnrollError)) throw error;
    }
  }
  return measured;
}

/**
 * The batches of the first epochs, as if the recordings were as long as those that were measured, and disturbed as they will be: lengths
 * that differ from epoch to epoch are compiled for anew.
 */
function plannedBatches(
  rows: readonly ManifestRow[],
  lengths: readonly number[],
  config: TrainingConfig,
  epochs: number,
): CompiledShape[] {
  const { copies, speed, tempo, silenceMs } = config.augmentation;
  const { hopMs, tailMs } = config.frontEnd;
  const random = makeRandom(config.training.seed);
  const between = ([low, high]: readonly [number, number]): number => low + (high - low) * random();
  const copyFrames = (plain: number): number[] =>
    Array.from({ length: copies }, (_, copy) =>
      copy === 0 ? plain : Math.round(plain / between(speed) + (2 * between(silenceMs)) / hopMs),
    );
  const clips = rows.map(({ speaker, corpus }, index): PlannedClip => {
    const own = { speaker: speaker ?? '', corpus: corpus ?? '', isUnknownOnly: false };
    return { ...own, copyFrames: copyFrames(lengths[index % lengths.length]!) };
  });
  return Array.from({ length: epochs }, (_, epoch) => {
    const options: PlanOptions = { ...config.training, epoch, stringing: config.stringing };
    const utterances = planUtterances(clips, options);
    const frames = utterances.map((parts) =>
      parts.reduce((sum, { clip, copy }) => sum + clips[clip]!.copyFrames[copy]!, 0),
    );
    const heard = (plain: number): number =>
      Math.max(1, Math.round(plain / between(tempo) + (random() < 0.5 ? tailMs / hopMs : 0)));
    return planBatches(frames, options).map((batch): CompiledShape => ({
      T: batch.reduce((longest, index) => Math.max(longest, heard(frames[index]!)), 0),
      N: rowsOf(batch.length),
    }));
  }).flat();
}

/** What validation goes through after an epoch. */
function validationBatches(examples: number, lengths: readonly number[]): CompiledShape[] {
  if (examples === 0) return [];
  const N = validationRows(examples);
  const frames = Array.from({ length: examples }, (_, index) => lengths[index % lengths.length]!).sort((a, b) => a - b);
  return Array.from({ length: Math.ceil(examples / N) }, (_, batch) => {
    const last = Math.min(examples, (batch + 1) * N) - 1;
    return { T: frames[last]!, N };
  });
}
