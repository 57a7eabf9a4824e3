// The training loop: plan an epoch, take its steps, look at validation, write everything down, go on.
import { createHash } from 'node:crypto';
import type { NetworkSpec } from '../../app/contract/network';
import type { Rung } from '../../app/contract/rung';
import type { RunActivity } from '../../app/contract/runs';
import type { TrainingConfig } from '../../app/contract/trainingConfig';
import { initialParameters } from '../network/initialise';
import { openProgram } from '../network/open';
import { parameterShapes, type ParameterSet } from '../network/parameters';
import type { CompiledShape, NetworkProgram, TrainStepResult } from '../network/program';
import { weightStatistics } from '../network/weightStatistics';
import type { Checkpoint, CheckpointState } from './checkpoint';
import { batchOf, planEpoch, recordingsOf, shapesOf, type EpochPlan, type ExampleStore } from './epochPlan';
import type { Example } from './examples';
import { rankedHearings } from './hearings';
import { HearingsWriter } from './hearingsWriter';
import { framewise, rulesOf } from './learningRule';
import { errorsOf, isBetter, NO_SUMS, patienceAfter, summaryOf, withStep, type Best } from './progress';
import { isSameShape, ProgramsAhead } from './programsAhead';
import type { EpochReport, StepReport } from './records';
import type { RunFolder } from './runFolder';
import { afterEpoch, learningRateAt, NO_PLATEAU } from './schedule';
import { slotsOf } from './trainingRule';
import { trainedInParts } from './truncated';
import { validate, type Meaning, type Validation } from './validation';

/** What somebody wants of a run: to pause it, with a checkpoint where it stands, or to end it with the best weights. */
export type Wish = 'goOn' | 'pause' | 'stop';

export interface TrainHooks {
  /** Before a step whose shape is new to this run: it comes later than others by a second or so. */
  readonly onCompiling?: (shape: CompiledShape) => void;
  readonly onActivity?: (activity: RunActivity) => void;
  readonly onStep?: (report: StepReport) => void;
  readonly onEpoch?: (report: EpochReport) => void;
  /** Asked between two steps. */
  readonly control?: () => Wish;
}
/** How a run ended, and what the network recognises with then: the weights of the best epoch, averaged where averages are kept. */
export type TrainingOutcome =
  | { readonly kind: 'finished' | 'stopped'; readonly parameters: ParameterSet; readonly best: Best | null }
  | { readonly kind: 'paused' }
  /** Too many steps in a row had no finite loss or gradient. */
  | {
      readonly kind: 'diverged';
      readonly skippedInRow: number;
      readonly parameters: ParameterSet;
      readonly best: Best | null;
    }
  /** No epoch ended with a finite loss. */
  | { readonly kind: 'divergedAtOnce'; readonly skippedInRow: number };
export interface TrainInput {
  readonly config: Pick<TrainingConfig, 'training' | 'stringing'>;
  readonly spec: NetworkSpec;
  /** What the head's classes mean: the alphabet's symbols, or a list of labels. */
  readonly labels: readonly string[];
  /** What stands between two symbols of a text when its words are counted: a space where each is a word; nothing if left out. */
  readonly between?: string;
  /** How the classes of a framewise head are chosen together; each step's own best if left out. */
  readonly bestPath?: NonNullable<Meaning['bestPath']>;
  /** Of validation, where tags stand for key phrases. */
  readonly phrases?: NonNullable<Meaning['phrases']>;
  /** Of each class of a head of labels; null: none. */
  readonly classWeights: readonly number[] | null;
  /** Scores of class after class by which the labels of a sequence are learned together: see LossSettings. */
  readonly order?: readonly number[];
  /** Besides configuration and clips all that the steps follow from: a checkpoint of something else is refused. */
  readonly circumstances: readonly unknown[];
  readonly training: ExampleStore;
  readonly validation: readonly Example[];
  /** The recordings of the clips, of the first so many, where they are recordings. */
  readonly trainingPaths?: readonly string[];
  /** The recordings of the validation examples, where they are recordings. */
  readonly validationPaths?: readonly string[];
  /** What the run begins with; left out: chance, by the seed. */
  readonly beginning?: ParameterSet;
  readonly rung: Rung;
}

/**
 * Trains until every epoch is done or early stopping ends it, from the folder's checkpoint where it has one.
 * @throws UnrollError training.noFlatStart where no clip belongs to a corpus that the flat start names; checkpoint.invalid;
 * training.diskFull, training.disk
 */
export async function train(input: TrainInput, folder: RunFolder, hooks: TrainHooks = {}): Promise<TrainingOutcome> {
  const run = await Run.open(input, folder, hooks);
  try {
    return await run.learn();
  } finally {
    run.dispose();
  }
}

const FIRST_STATE: CheckpointState = {
  epoch: 0,
  batches: 0,
  step: 0,
  skippedSteps: 0,
  skippedInRow: 0,
  plateau: NO_PLATEAU,
  sums: NO_SUMS,
  best: null,
  lowestLoss: null,
  epochsSinceBetter: 0,
};
const NOT_VALIDATED = { validationLoss: null, symbolError: null, wordError: null, words: 0 };

class Run {
  readonly #fingerprint: string;
  #state: CheckpointState;
  #best: ParameterSet | null;
  #saved: { readonly step: number; readonly at: number };
  /** Something was learned or written down since. */
  #isAhead = false;
  readonly #programs: ProgramsAhead | null;
  readonly #hearings: HearingsWriter;

  private constructor(
    private readonly input: TrainInput,
    private readonly folder: RunFolder,
    private readonly hooks: TrainHooks,
    private program: NetworkProgram,
    private isFlat: boolean,
    checkpoint: Checkpoint | null,
  ) {
    this.#fingerprint = fingerprintOf(input);
    this.#state = checkpoint?.state ?? FIRST_STATE;
    this.#best = checkpoint?.weights.best ?? null;
    this.#saved = { step: this.#state.step, at: performance.now() };
    this.#hearings = new HearingsWriter(folder);
    this.#programs = input.rung === 'compiled' && ProgramsAhead.canHelp() ? new ProgramsAhead() : null;
  }

  static async open(input: TrainInput, folder: RunFolder, hooks: TrainHooks): Promise<Run> {
    const { config, spec, rung } = input;
    const rules = rulesOf(input);
    const shapes = parameterShapes(spec);
    const fingerprint = fingerprintOf(input);
    const checkpoint = await folder.loadCheckpoint({ shapes, slots: slotsOf(rules.usual), fingerprint });
    const isFlat = (checkpoint?.state.epoch ?? 0) < config.training.flatStart.epochs;
    const ownSpec = isFlat ? framewise(spec) : spec;
    const begun = input.beginning ?? initialParameters(ownSpec, config.training.seed);
    const first = checkpoint?.weights.values ?? begun;
    const program = await openProgram(ownSpec, first, rung, isFlat ? rules.flat : rules.usual);
    if (checkpoint !== null) program.setOptimizerState(checkpoint.weights.optimizer);
    return new Run(input, folder, hooks, program, isFlat, checkpoint);
  }

  async learn(): Promise<TrainingOutcome> {
    while (!this.#isDone()) {
      const ending = await this.#learnEpoch();
      switch (ending) {
        case 'whole':
          await this.#endEpoch();
          break;
        case 'pause':
          await this.#save();
          return { kind: 'paused' };
        case 'stop':
          await this.#save();
          return this.#keptAs('stopped');
        case 'diverged':
          await this.#hearings.flush();
          return this.#diverged();
      }
    }
    if (this.#isAhead) await this.#save();
    return this.#keptAs('finished');
  }

  dispose(): void {
    this.#programs?.close();
    this.program.dispose();
  }

  #isDone(): boolean {
    const { epochs, earlyStopping } = this.input.config.training;
    const isPatient = earlyStopping === null || this.#state.epochsSinceBetter < earlyStopping.patienceEpochs;
    return this.#state.epoch >= epochs || !isPatient;
  }
  #keptAs(kind: 'finished' | 'stopped'): TrainingOutcome {
    return { kind, parameters: this.#best ?? this.program.recognitionParameters(), best: this.#state.best };
  }
  #diverged(): TrainingOutcome {
    const { skippedInRow, best } = this.#state;
    return this.#best === null
      ? { kind: 'divergedAtOnce', skippedInRow }
      : { kind: 'diverged', skippedInRow, parameters: this.#best, best };
  }

  async #learnEpoch(): Promise<'whole' | 'pause' | 'stop' | 'diverged'> {
    const { config, training } = this.input;
    const plan = planEpoch(config, training, this.#state.epoch);
    if (this.isFlat && !plan.isFlat) await this.#endFlatStart();
    this.#compileAhead(plan);
    this.hooks.onActivity?.('learning');
    while (this.#state.batches < plan.batches.length) {
      const wish = this.hooks.control?.() ?? 'goOn';
      if (wish !== 'goOn') return wish;
      await this.#takeStep(plan);
      if (this.#state.skippedInRow >= config.training.maxSkippedSteps) return 'diverged';
      if (this.#isSaveDue()) await this.#save();
    }
    return 'whole';
  }

  /** What the epoch will need and nobody has made, but for what its next step makes at once. */
  #compileAhead(plan: EpochPlan): void {
    const { config, spec, training } = this.input;
    if (this.#programs === null || config.training.truncation !== null) return;
    const [next, ...later] = shapesOf(training, plan, this.#state.batches).flatMap(
      (shape) => this.program.shapeToCompile(shape) ?? [],
    );
    if (next === undefined) return;
    const shapes = later.filter((shape, index) => [next, ...later].findIndex(is(shape)) === index + 1);
    const rules = rulesOf(this.input);
    this.#programs.compile(plan.isFlat ? framewise(spec) : spec, plan.isFlat ? rules.flat : rules.usual, shapes);
  }

  /** A program of the real head goes on with the parameters and the optimiser's state. */
  async #endFlatStart(): Promise<void> {
    const flat = this.program;
    const { spec, rung } = this.input;
    this.program = await openProgram(spec, flat.parameters(), rung, rulesOf(this.input).usual);
    this.program.setOptimizerState(flat.optimizerState());
    flat.dispose();
    this.isFlat = false;
  }

  async #takeStep(plan: EpochPlan): Promise<void> {
    const { config, spec, training } = this.input;
    const { epoch, batches, step, plateau } = this.#state;
    const { learningRate: peak, warmUpSteps, epochs, schedule: settings, seed: runSeed } = config.training;
    const startedAt = performance.now();
    const seed = (runSeed * 7919 + step) % 2 ** 31;
    const stepsPerEpoch = plan.batches.length;
    const place = { epoch, step: batches, stepsPerEpoch, plateau };
    const learningRate = learningRateAt({ peak, warmUpSteps, epochs, settings }, place);
    const utterances = plan.batches[batches]!;
    const batch = batchOf(training, spec, plan, utterances, seed);
    const shape = this.program.shapeToCompile(batch);
    if (shape !== null) this.#tellCompiling(shape);
    const { truncation } = config.training;
    const isAligned = plan.isFlat || spec.head.kind === 'framewise';
    const result =
      isAligned && truncation !== null
        ? await trainedInParts(this.program, framewise(spec), batch, { learningRate, seed, steps: truncation.steps })
        : await this.program.trainStep(batch, { learningRate, seed });
    if (shape !== null) this.hooks.onActivity?.('learning');
    const report: StepReport = {
      ...{ epoch: epoch + 1, step: batches + 1, stepsPerEpoch, runStep: step + 1, learningRate },
      ...recorded(result),
      utterances: utterances.length,
      ...(result.isSkipped && { recordings: recordingsOf(plan, utterances, this.input.trainingPaths ?? []) }),
    };
    await this.#count(report, (performance.now() - startedAt) / 1000);
  }

  #tellCompiling(shape: CompiledShape): void {
    this.#programs?.leaveOut(shape);
    this.hooks.onCompiling?.(shape);
    this.hooks.onActivity?.('compiling');
  }

  async #count(report: StepReport, seconds: number): Promise<void> {
    const { batches, step, skippedSteps, skippedInRow, sums } = this.#state;
    this.#state = {
      ...this.#state,
      batches: batches + 1,
      step: step + 1,
      skippedSteps: skippedSteps + Number(report.isSkipped),
      skippedInRow: report.isSkipped ? skippedInRow + 1 : 0,
      sums: withStep(sums, report, seconds),
    };
    this.#isAhead = true;
    await this.folder.addStep(report);
    this.hooks.onStep?.(report);
  }

  async #endEpoch(): Promise<void> {
    const { config } = this.input;
    const { epochs, schedule, earlyStopping, keeps } = config.training;
    const startedAt = performance.now();
    this.hooks.onActivity?.('validating');
    const validation = this.isFlat ? null : await validate(this.input, this.input.validation, this.program);
    const { heard, ...scores } = validation ?? { ...NOT_VALIDATED, heard: [] };
    const { sums, skippedInRow, skippedSteps, step, plateau } = this.#state;
    const epoch = this.#state.epoch + 1;
    const summary = summaryOf(sums);
    const loss = scores.validationLoss ?? summary.trainLoss;
    const finiteLoss = loss !== null && Number.isFinite(loss) ? loss : null;
    const { validationLoss, wordError } = scores;
    const candidate: Best = { epoch, validationLoss, errors: errorsOf(scores), wordError };
    const isSound = finiteLoss !== null && skippedInRow === 0;
    const isBest = isSound && (keeps === 'last' || isBetter(candidate, this.#state.best));
    const learned = this.program.recognitionParameters();
    if (isBest) this.#best = learned;
    this.#state = {
      ...this.#state,
      ...{ epoch, batches: 0, sums: NO_SUMS },
      plateau: afterEpoch(plateau, finiteLoss, schedule),
      ...(this.isFlat ? {} : patienceAfter(this.#state, finiteLoss, isBest && keeps !== 'last', earlyStopping)),
      ...(isBest && { best: candidate }),
    };
    const seconds = sums.seconds + (performance.now() - startedAt) / 1000;
    this.#isAhead = true;
    const report: EpochReport = { epoch, epochs, step, ...summary, ...scores, skippedSteps, seconds, isBest };
    await this.folder.addEpoch(report, weightStatistics(learned));
    await this.#writeHearings(epoch, heard);
    this.hooks.onEpoch?.(report);
    if (this.#isSaveDue()) await this.#save();
  }

  async #writeHearings(epoch: number, heard: Validation['heard']): Promise<void> {
    if (heard.length === 0) return;
    const { spec, validationPaths } = this.input;
    const hearings = rankedHearings(heard, spec.head).map(({ index, ...hearing }) => ({
      ...hearing,
      path: validationPaths?.[index] ?? null,
    }));
    await this.#hearings.put({ epoch, hearings }, this.#isDone());
  }

  #isSaveDue(): boolean {
    const { checkpointSteps, checkpointSeconds } = this.input.config.training;
    const { step, at } = this.#saved;
    if (!this.#isAhead) return false;
    const isDueByStep = checkpointSteps !== null && this.#state.step - step >= checkpointSteps;
    return isDueByStep || performance.now() - at >= checkpointSeconds * 1000;
  }

  async #save(): Promise<void> {
    this.hooks.onActivity?.('saving');
    await this.#hearings.flush();
    const { program } = this;
    const weights = { values: program.parameters(), optimizer: program.optimizerState(), best: this.#best };
    const keep = this.input.config.training.keepCheckpoints;
    await this.folder.saveCheckpoint({ state: this.#state, weights }, { fingerprint: this.#fingerprint, keep });
    this.#saved = { step: this.#state.step, at: performance.now() };
    this.#isAhead = false;
    this.hooks.onActivity?.('learning');
  }
}

const is = (shape: CompiledShape) => (other: CompiledShape) => isSameShape(shape, other);
const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
const recorded = ({ loss, gradientNorm, partNorms, isSkipped }: TrainStepResult) => ({
  loss: finiteOrNull(loss),
  gradientNorm: finiteOrNull(gradientNorm),
  partNorms: Array.from(partNorms, (norm) => finiteOrNull(Number(norm.toPrecision(6)))),
  isSkipped,
});

/** Two runs with the same fingerprint take the same steps. */
function fingerprintOf({ config, circumstances, training, beginning }: TrainInput): string {
  const data = training.clips.map((clip) => [clip.speaker, clip.corpus, clip.copyFrames]);
  const hash = createHash('sha256').update(JSON.stringify([config, ...circumstances, data]));
  for (const { values } of beginning?.values() ?? [])
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return hash.digest('hex');
}
