// The training loop: plan an epoch, take its steps, look at validation, write everything down, go on.
import { createHash } from 'node:crypto';
import type { Alphabet } from '../../app/contract/model';
import type { NetworkSpec } from '../../app/contract/network';
import type { Rung } from '../../app/contract/rung';
import { UnrollError } from '../../app/errors';
import type { FrontEndSettings } from '../../app/features/settings';
import { greedyEmissions } from '../ctc/greedy';
import { edits } from '../metrics/levenshtein';
import { initialParameters } from '../network/initialise';
import { openProgram } from '../network/open';
import type { ParameterSet } from '../network/parameters';
import type { CompiledShape, LabelledBatch, NetworkProgram } from '../network/program';
import { labelsOfSteps, stepCount } from '../network/stack';
import type { TrainingConfig } from '../../app/contract/trainingConfig';
import { padBatch, type Example } from './examples';
import { networkSpecFor } from './networkSpec';
import { planBatches, planUtterances, type PlannedClip, type PlannedUtterance, type PlanOptions } from './plan';
import { FIRST_STATE, type CheckpointState, type RunFolder } from './runFolder';
import { USUAL_TRAINING, type TrainingRule } from './trainingRule';
import { afterEpoch, learningRateAt, type Schedule } from './schedule';
import { trainedInParts } from './truncated';

/** The clips of a run as the loop needs them; how they were read, disturbed and cached is the store's business. */
export interface ClipStore {
  readonly clips: readonly PlannedClip[];
  /** One utterance of the plan: frames [n, D] ready for the network, masks drawn from `seed`, and its labels. */
  example(utterance: readonly { readonly clip: number; readonly copy: number }[], seed: number): Example;
  /** The same frames with one label for every frame: the clips' symbols, spread evenly over their speech. */
  alignedExample(utterance: readonly { readonly clip: number; readonly copy: number }[], seed: number): Example;
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
export interface EpochReport {
  readonly epoch: number;
  readonly epochs: number;
  /** Null where every step was skipped. */
  readonly trainLoss: number | null;
  readonly validationLoss: number | null;
  /** Edits over reference symbols on validation, greedy. */
  readonly validationSymbolError: number | null;
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
  readonly config: TrainingConfig;
  /** With the normalisation measured on the training data. */
  readonly frontEnd: FrontEndSettings;
  readonly alphabet: Alphabet;
  readonly training: ClipStore;
  readonly validation: readonly Example[];
  readonly rung: Rung;
}

const specOf = ({ config, frontEnd, alphabet }: TrainInput): NetworkSpec => networkSpecFor(config, frontEnd, alphabet);

/**
 * Trains until the configured number of epochs is done, from the folder's checkpoint where it has one.
 * @throws UnrollError training.noFlatStart where no clip belongs to a corpus that the flat start names
 */
export async function train(input: TrainInput, folder: RunFolder, hooks: TrainHooks = {}): Promise<TrainingOutcome> {
  const { config } = input;
  const { optimizer, clipping, averageDecay, labelSmoothing, schedule } = config.training;
  const spec = specOf(input);
  const rule = { ...USUAL_TRAINING, loss: { labelSmoothing, classWeights: null }, optimizer, clipping, averageDecay };
  const { epochs: flatEpochs } = config.training.flatStart;
  let isFlat = flatEpochs > 0;
  const first = initialParameters(isFlat ? framewise(spec) : spec, config.training.seed);
  const flatRule = { ...rule, isInParts: config.training.truncation !== null };
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
      const validation = isFlat ? null : await validate(input, program);
      const summary = summaryOf(steps);
      const loss = validation?.loss ?? summary.trainLoss;
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
        validationLoss: validation?.loss ?? null,
        validationSymbolError: validation?.symbolError ?? null,
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
  const { config, training } = input;
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
      const aligned = training.alignedExample(utterance, exampleSeed);
      return { ...aligned, labels: labelsOfSteps(config.network, aligned.labels) };
    });
    const learningRate = learningRateAt(schedule, { epoch: state.epoch, step, stepsPerEpoch, plateau: state.plateau });
    const padded = padBatch(examples, rowsOf(batch.length));
    const shape = program.shapeToCompile(padded);
    if (shape !== null) hooks.onCompiling?.(shape);
    const options = { learningRate, seed };
    const { truncation } = config.training;
    const result =
      isFlat && truncation !== null
        ? await trainedInParts(program, framewise(specOf(input)), padded, { ...options, steps: truncation.steps })
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

async function validate(
  input: TrainInput,
  program: NetworkProgram,
): Promise<{ loss: number; symbolError: number } | null> {
  if (input.validation.length === 0) return null;
  const classes = input.alphabet.symbols.length + 1;
  const ordered = [...input.validation].sort((a, b) => a.frames - b.frames);
  let loss = 0;
  let wrong = 0;
  let symbols = 0;
  for (let start = 0; start < ordered.length; start += 16) {
    const part = ordered.slice(start, start + 16);
    const batch: LabelledBatch = padBatch(part, 16);
    const losses = await program.losses(batch);
    const logits = await program.logits(batch);
    part.forEach((example, row) => {
      loss += losses[row] as number;
      const steps = stepCount(input.config.network, example.frames);
      const own = new Float32Array(steps * classes);
      for (let t = 0; t < steps; t++) {
        const at = (t * batch.N + row) * classes;
        own.set(logits.subarray(at, at + classes), t * classes);
      }
      const heard = greedyEmissions(own, steps, classes, classes - 1).map((emission) => emission.classIndex);
      wrong += edits([...example.labels], heard).distance;
      symbols += example.labels.length;
    });
  }
  return { loss: loss / ordered.length, symbolError: wrong / Math.max(1, symbols) };
}

/** Two runs with the same fingerprint take the same steps. */
function fingerprintOf({ config, frontEnd, alphabet, training }: TrainInput): string {
  const data = training.clips.map((clip) => [clip.speaker, clip.corpus, clip.copyFrames]);
  return createHash('sha256')
    .update(JSON.stringify([config, frontEnd, alphabet, data]))
    .digest('hex');
}
