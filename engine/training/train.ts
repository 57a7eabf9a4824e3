// The training loop: plan an epoch, take its steps, look at validation, write everything down, go on.
import { createHash } from 'node:crypto';
import { UnrollError } from '../../app/errors';
import type { Alphabet } from '../../app/contract/model';
import type { NetworkSpec } from '../../app/contract/network';
import type { Rung } from '../../app/contract/rung';
import { featureDimension, type FrontEndSettings } from '../../app/features/settings';
import { greedyEmissions } from '../ctc/greedy';
import { edits } from '../metrics/levenshtein';
import { initialParameters } from '../network/initialise';
import { openProgram } from '../network/open';
import type { ParameterSet } from '../network/parameters';
import type { LabelledBatch, NetworkProgram } from '../network/program';
import type { TrainingConfig } from './config';
import { padBatch, type Example } from './examples';
import { planBatches, planUtterances, type PlannedClip, type PlanOptions } from './plan';
import type { CheckpointState, RunFolder } from './runFolder';
import { learningRateAt } from './schedule';

/** The clips of a run as the loop needs them; how they were read, disturbed and cached is the store's business. */
export interface ClipStore {
  readonly clips: readonly PlannedClip[];
  /** One utterance of the plan: frames [n, D] ready for the network, masks drawn from `seed`, and its labels. */
  example(utterance: readonly { readonly clip: number; readonly copy: number }[], seed: number): Example;
}

export interface EpochReport {
  readonly epoch: number;
  readonly epochs: number;
  readonly trainLoss: number;
  readonly validationLoss: number | null;
  /** Edits over reference symbols on validation, greedy. */
  readonly validationSymbolError: number | null;
  readonly learningRate: number;
  readonly gradientNorm: number;
  readonly skippedSteps: number;
  readonly seconds: number;
}
export interface TrainHooks {
  readonly onStep?: (done: number, ofEpoch: number, epoch: number, loss: number) => void;
  readonly onEpoch?: (report: EpochReport) => void;
  readonly signal?: AbortSignal;
}
export interface TrainInput {
  readonly config: TrainingConfig;
  /** With the normalisation measured on the training data. */
  readonly frontEnd: FrontEndSettings;
  readonly alphabet: Alphabet;
  readonly training: ClipStore;
  readonly validation: readonly Example[];
  readonly rung: Rung;
}

export const networkSpecFor = (
  config: TrainingConfig,
  frontEnd: FrontEndSettings,
  alphabet: Alphabet,
): NetworkSpec => ({
  inputSize: featureDimension(frontEnd),
  layers: config.network.layers,
  dropout: config.network.dropout,
  head: { kind: 'ctc', classes: alphabet.symbols.length + 1 },
});

/**
 * Trains until the configured number of epochs is done, from the folder's checkpoint where it has one.
 * @returns what the network recognises with: the averaged weights where they are kept.
 * @throws UnrollError training.diverged after too many steps in a row without a finite loss.
 */
export async function train(input: TrainInput, folder: RunFolder, hooks: TrainHooks = {}): Promise<ParameterSet> {
  const { config } = input;
  const spec = networkSpecFor(config, input.frontEnd, input.alphabet);
  const program = await openProgram(spec, initialParameters(spec, config.training.seed), input.rung, {
    averageDecay: config.training.averageDecay,
  });
  try {
    const fingerprint = fingerprintOf(input);
    const start: CheckpointState = (await folder.loadCheckpoint(program, spec, fingerprint)) ?? {
      epoch: 0,
      step: 0,
      skippedSteps: 0,
      bestLoss: null,
      fingerprint,
    };
    let state = start;
    while (state.epoch < config.training.epochs && !hooks.signal?.aborted) {
      const startedAt = performance.now();
      const { step, trainLoss, gradientNorm, skippedSteps, learningRate, isWhole } = await runEpoch(
        input,
        program,
        state,
        hooks,
      );
      if (!isWhole) break;
      const validation = await validate(input, program);
      const epoch = state.epoch + 1;
      state = { ...state, epoch, step, skippedSteps: state.skippedSteps + skippedSteps };
      const report: EpochReport = {
        epoch,
        epochs: config.training.epochs,
        trainLoss,
        validationLoss: validation?.loss ?? null,
        validationSymbolError: validation?.symbolError ?? null,
        learningRate,
        gradientNorm,
        skippedSteps: state.skippedSteps,
        seconds: (performance.now() - startedAt) / 1000,
      };
      await folder.saveCheckpoint(program, state);
      await folder.appendMetric({ ...report });
      hooks.onEpoch?.(report);
    }
    return program.recognitionParameters();
  } finally {
    program.dispose();
  }
}

async function runEpoch(input: TrainInput, program: NetworkProgram, state: CheckpointState, hooks: TrainHooks) {
  const { config, training } = input;
  const options: PlanOptions = { ...config.training, epoch: state.epoch, stringing: config.stringing };
  const utterances = planUtterances(training.clips, options);
  const lengths = utterances.map((parts) =>
    parts.reduce((sum, { clip, copy }) => sum + (training.clips[clip]?.copyFrames[copy] as number), 0),
  );
  const batches = planBatches(lengths, options);
  const schedule = {
    peak: config.training.learningRate,
    warmUpSteps: config.training.warmUpSteps,
    totalSteps: batches.length * config.training.epochs,
  };
  let lossSum = 0;
  let rows = 0;
  let normSum = 0;
  let skippedSteps = 0;
  let skippedInRow = 0;
  let { step } = state;
  let done = 0;
  for (const batch of batches) {
    if (hooks.signal?.aborted) break;
    const seed = (config.training.seed * 7919 + step) % 2 ** 31;
    const examples = batch.map((index, row) => training.example(utterances[index] as never, seed + row * 104_729));
    const result = await program.trainStep(padBatch(examples, rowsOf(batch.length)), {
      // Counted by epochs: the number of batches differs a little between them, and the last step must still reach zero.
      learningRate: learningRateAt(schedule, state.epoch * batches.length + done),
      maxGradientNorm: config.training.maxGradientNorm,
      weightDecay: config.training.weightDecay,
      seed,
    });
    step++;
    done++;
    if (result.isSkipped) {
      skippedSteps++;
      if (++skippedInRow >= config.training.maxSkippedSteps) {
        throw new UnrollError('training.diverged', { steps: skippedInRow, folder: 'checkpoint' });
      }
    } else {
      skippedInRow = 0;
      lossSum += result.loss * examples.length;
      rows += examples.length;
      normSum += result.gradientNorm;
    }
    hooks.onStep?.(done, batches.length, state.epoch + 1, result.loss);
  }
  return {
    step,
    skippedSteps,
    isWhole: done === batches.length,
    trainLoss: lossSum / Math.max(1, rows),
    gradientNorm: normSum / Math.max(1, done - skippedSteps),
    learningRate: learningRateAt(schedule, (state.epoch + 1) * batches.length - 1),
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
      const own = new Float32Array(example.frames * classes);
      for (let t = 0; t < example.frames; t++) {
        const at = (t * batch.N + row) * classes;
        own.set(logits.subarray(at, at + classes), t * classes);
      }
      const heard = greedyEmissions(own, example.frames, classes, classes - 1).map((emission) => emission.classIndex);
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
