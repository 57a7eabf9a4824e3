// The training loop: plan an epoch, take its steps, look at validation, write everything down, go on.
import { createHash } from 'node:crypto';
import type { NetworkSpec } from '../../app/contract/network';
import type { Rung } from '../../app/contract/rung';
import { UnrollError } from '../../app/errors';
import { initialParameters } from '../network/initialise';
import { openProgram } from '../network/open';
import type { ParameterSet } from '../network/parameters';
import type { CompiledShape, NetworkProgram } from '../network/program';
import { labelsOfSteps } from '../network/stack';
import type { TrainingConfig } from '../../app/contract/trainingConfig';
import { padBatch, type Example } from './examples';
import { planBatches, planUtterances, type PlannedClip, type PlannedUtterance, type PlanOptions } from './plan';
import { FIRST_STATE, type CheckpointState, type RunFolder } from './runFolder';
import { USUAL_TRAINING, type TrainingRule } from './trainingRule';
import { afterEpoch, learningRateAt, type Schedule } from './schedule';
import { trainedInParts } from './truncated';
import { validate, type ValidationScores } from './validation';

/** What a run learns from as the loop needs it; how it was read, disturbed and cached is the store's business. */
export interface ExampleStore {
  readonly clips: readonly PlannedClip[];
  /** One utterance of the plan: frames [n, D] ready for the network, masks drawn from `seed`, and its labels. */
  example(utterance: PlannedUtterance, seed: number): Example;
  /** For a flat start: the same frames with one label for every frame, the clips' symbols spread evenly over their speech. */
  alignedExample?(utterance: PlannedUtterance, seed: number): Example;
}

export interface StepReport {
  /** Counted from 1. */
  readonly epoch: number;
  /** Of this epoch, counted from 1. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly learningRate: number;
  /** Mean of the batch's rows, nats; not finite where the step was skipped. */
  readonly loss: number;
  /** Global norm before clipping. */
  readonly gradientNorm: number;
  readonly isSkipped: boolean;
}
export interface EpochReport extends ValidationScores {
  readonly epoch: number;
  readonly epochs: number;
  /** Null where every step was skipped. */
  readonly trainLoss: number | null;
  readonly validationLoss: number | null;
  /** Of the last step. */
  readonly learningRate: number;
  /** Mean over the steps, before clipping; null where every step was skipped. */
  readonly gradientNorm: number | null;
  /** Of the whole run so far. */
  readonly skippedSteps: number;
  readonly seconds: number;
}
export interface TrainHooks {
  /** Before a step whose shape is new to this run: it comes later than others by a second or so. */
  readonly onCompiling?: (shape: CompiledShape) => void;
  readonly onStep?: (report: StepReport) => void;
  readonly onEpoch?: (report: EpochReport) => void;
  readonly signal?: AbortSignal;
}
/** How a run ended, and what the network recognises with then: the averaged weights where they are kept. */
export type TrainingOutcome =
  | { readonly kind: 'finished' | 'interrupted'; readonly parameters: ParameterSet }
  /** Too many steps in a row had no finite loss or gradient; the parameters are those of the last epoch that ended with one. */
  | { readonly kind: 'diverged'; readonly skippedInRow: number; readonly parameters: ParameterSet }
  /** No epoch ended with a finite loss. */
  | { readonly kind: 'divergedAtOnce'; readonly skippedInRow: number };
export interface TrainInput {
  readonly config: Pick<TrainingConfig, 'training' | 'stringing'>;
  readonly spec: NetworkSpec;
  /** What the head's classes mean: the alphabet's symbols, or a list of labels. */
  readonly labels: readonly string[];
  /** Of each class of a head of labels; null: none. */
  readonly classWeights: readonly number[] | null;
  /** Besides configuration and clips all that the steps follow from: a checkpoint of something else is refused. */
  readonly circumstances: readonly unknown[];
  readonly training: ExampleStore;
  readonly validation: readonly Example[];
  readonly rung: Rung;
}

/**
 * Trains until the configured number of epochs is done, from the folder's checkpoint where it has one.
 * @throws UnrollError training.noFlatStart where no clip belongs to a corpus that the flat start names
 */
export async function train(input: TrainInput, folder: RunFolder, hooks: TrainHooks = {}): Promise<TrainingOutcome> {
  const { config, spec, classWeights } = input;
  const { optimizer, clipping, averageDecay, labelSmoothing, schedule, truncation } = config.training;
  const inParts = { ...USUAL_TRAINING, optimizer, clipping, averageDecay, isInParts: truncation !== null };
  const isInParts = inParts.isInParts && spec.head.kind === 'framewise';
  const rule = { ...inParts, isInParts, loss: { labelSmoothing, classWeights } };
  const flatRule = { ...inParts, loss: { labelSmoothing, classWeights: null } };
  const { epochs: flatEpochs } = config.training.flatStart;
  let isFlat = flatEpochs > 0;
  const first = initialParameters(isFlat ? framewise(spec) : spec, config.training.seed);
  let program = await openProgram(isFlat ? framewise(spec) : spec, first, input.rung, isFlat ? flatRule : rule);
  try {
    const fingerprint = fingerprintOf(input);
    const saved = await folder.loadCheckpoint(program, spec, fingerprint);
    let state: CheckpointState = saved ?? { ...FIRST_STATE, fingerprint };
    let lastGood = saved === null ? null : program.recognitionParameters();
    while (state.epoch < config.training.epochs) {
      const startedAt = performance.now();
      if (isFlat && state.epoch >= flatEpochs) {
        program = await reopened(program, spec, input.rung, rule);
        isFlat = false;
      }
      const steps = await runEpoch(input, program, state, hooks);
      const skippedInRow = skippedAtEnd(state.skippedInRow, steps.reports);
      if (steps.ending === 'diverged')
        return lastGood === null
          ? { kind: 'divergedAtOnce', skippedInRow }
          : { kind: 'diverged', skippedInRow, parameters: lastGood };
      if (steps.ending === 'interrupted') return { kind: 'interrupted', parameters: program.recognitionParameters() };
      const validation = isFlat ? null : await validate(spec, input.labels, input.validation, program);
      const summary = summaryOf(steps);
      const loss = validation?.validationLoss ?? summary.trainLoss;
      const isFinite = loss !== null && Number.isFinite(loss);
      if (isFinite && skippedInRow === 0) lastGood = program.recognitionParameters();
      state = {
        ...state,
        epoch: state.epoch + 1,
        step: state.step + steps.reports.length,
        skippedSteps: state.skippedSteps + steps.reports.filter(({ isSkipped }) => isSkipped).length,
        skippedInRow,
        plateau: afterEpoch(state.plateau, isFinite ? loss : null, schedule),
      };
      const report: EpochReport = {
        epoch: state.epoch,
        epochs: config.training.epochs,
        ...summary,
        ...(validation ?? NOT_VALIDATED),
        skippedSteps: state.skippedSteps,
        seconds: (performance.now() - startedAt) / 1000,
      };
      await folder.saveCheckpoint(program, state);
      await folder.appendSteps(steps.reports.map((step) => ({ ...step })));
      await folder.appendMetric({ ...report });
      hooks.onEpoch?.(report);
    }
    return { kind: 'finished', parameters: program.recognitionParameters() };
  } finally {
    program.dispose();
  }
}

/** The same network learned frame by frame: a flat start's. */
const framewise = (spec: NetworkSpec): NetworkSpec => ({ ...spec, head: { ...spec.head, kind: 'framewise' } });

/** A program of another head that goes on with the parameters and the optimiser's state of `from`, which is disposed. */
async function reopened(from: NetworkProgram, spec: NetworkSpec, rung: Rung, rule: TrainingRule) {
  const program = await openProgram(spec, from.parameters(), rung, rule);
  program.setOptimizerState(from.optimizerState());
  from.dispose();
  return program;
}

/** The epoch's utterances and batches. */
function planEpoch({ config, training }: TrainInput, epoch: number) {
  const { flatStart } = config.training;
  const isFlat = epoch < flatStart.epochs;
  const options: PlanOptions = { ...config.training, epoch, stringing: config.stringing };
  const isSpread = (corpus: string): boolean => flatStart.corpora.length === 0 || flatStart.corpora.includes(corpus);
  const utterances = planUtterances(training.clips, options).filter(
    (parts) => !isFlat || parts.every(({ clip }) => isSpread(training.clips[clip]?.corpus ?? '')),
  );
  if (utterances.length === 0 && isFlat)
    throw new UnrollError('training.noFlatStart', { corpora: flatStart.corpora.join(', ') });
  const lengths = utterances.map((parts) =>
    parts.reduce((sum, { clip, copy }) => sum + (training.clips[clip]?.copyFrames[copy] as number), 0),
  );
  return { isFlat, utterances, batches: planBatches(lengths, options) };
}

const NOT_VALIDATED = { validationLoss: null, validationSymbolError: null };

interface EpochSteps {
  readonly ending: 'whole' | 'interrupted' | 'diverged';
  readonly reports: readonly StepReport[];
  /** Real rows of each step's batch. */
  readonly rows: readonly number[];
}

async function runEpoch(
  input: TrainInput,
  program: NetworkProgram,
  state: CheckpointState,
  hooks: TrainHooks,
): Promise<EpochSteps> {
  const { config, spec, training } = input;
  const { seed: runSeed, maxSkippedSteps, warmUpSteps, epochs } = config.training;
  const { isFlat, utterances, batches } = planEpoch(input, state.epoch);
  const stepsPerEpoch = batches.length;
  const schedule: Schedule = {
    peak: config.training.learningRate,
    warmUpSteps,
    epochs,
    settings: config.training.schedule,
  };
  const reports: StepReport[] = [];
  const rows: number[] = [];
  for (const [step, batch] of batches.entries()) {
    if (hooks.signal?.aborted) return { ending: 'interrupted', reports, rows };
    const seed = (runSeed * 7919 + state.step + step) % 2 ** 31;
    const examples = batch.map((index, row) => {
      const utterance = utterances[index] as PlannedUtterance;
      const exampleSeed = seed + row * 104_729;
      if (!isFlat) return training.example(utterance, exampleSeed);
      const aligned = training.alignedExample?.(utterance, exampleSeed);
      if (aligned === undefined)
        throw new Error('Expected examples with a label for every frame: a flat start needs them');
      return { ...aligned, labels: labelsOfSteps(spec, aligned.labels) };
    });
    const learningRate = learningRateAt(schedule, { epoch: state.epoch, step, stepsPerEpoch, plateau: state.plateau });
    const padded = padBatch(examples, rowsOf(batch.length));
    const shape = program.shapeToCompile(padded);
    if (shape !== null) hooks.onCompiling?.(shape);
    const options = { learningRate, seed };
    const { truncation } = config.training;
    const isAligned = isFlat || spec.head.kind === 'framewise';
    const result =
      isAligned && truncation !== null
        ? await trainedInParts(program, framewise(spec), padded, { ...options, steps: truncation.steps })
        : await program.trainStep(padded, options);
    const report = { epoch: state.epoch + 1, step: step + 1, stepsPerEpoch, learningRate, ...result };
    reports.push(report);
    rows.push(examples.length);
    hooks.onStep?.(report);
    if (skippedAtEnd(state.skippedInRow, reports) >= maxSkippedSteps) return { ending: 'diverged', reports, rows };
  }
  return { ending: 'whole', reports, rows };
}

/** Steps in a row that were skipped up to now, those of earlier epochs included. */
function skippedAtEnd(before: number, reports: readonly StepReport[]): number {
  const lastGood = reports.findLastIndex(({ isSkipped }) => !isSkipped);
  return lastGood === -1 ? before + reports.length : reports.length - 1 - lastGood;
}

/** Means over the steps that were not skipped. */
function summaryOf({ reports, rows }: EpochSteps): Pick<EpochReport, 'trainLoss' | 'gradientNorm' | 'learningRate'> {
  const good = reports.flatMap((report, index) => (report.isSkipped ? [] : [{ ...report, rows: rows[index]! }]));
  const allRows = good.reduce((sum, step) => sum + step.rows, 0);
  const isEmpty = good.length === 0;
  return {
    trainLoss: isEmpty ? null : good.reduce((sum, step) => sum + step.loss * step.rows, 0) / allRows,
    gradientNorm: isEmpty ? null : good.reduce((sum, step) => sum + step.gradientNorm, 0) / good.length,
    learningRate: reports.at(-1)?.learningRate ?? 0,
  };
}

/** Batches come in powers of two, so that few shapes are compiled; missing rows are filled with rows of weight 0. */
const rowsOf = (examples: number): number => 2 ** Math.ceil(Math.log2(examples));

/** Two runs with the same fingerprint take the same steps. */
function fingerprintOf({ config, circumstances, training }: TrainInput): string {
  const data = training.clips.map((clip) => [clip.speaker, clip.corpus, clip.copyFrames]);
  return createHash('sha256')
    .update(JSON.stringify([config, ...circumstances, data]))
    .digest('hex');
}
