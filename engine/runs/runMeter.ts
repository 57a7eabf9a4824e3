// What a running run is at, from what its training tells: steps gathered into messages, speed and time left.
import type { RunActivity, RunProgress, RunSteps } from '../../app/contract/runs';
import { unreachable } from '../../app/errors';
import type { LearnedStep } from './learning';

/** Between two messages of steps: four a second. */
const BATCH_MS = 250;
/** Time of steps that the speed is measured over. */
const SPEED_MS = 20_000;
const BYTES_PER_KILOBYTE = 1024;

export interface RunMeterOptions {
  readonly runId: string;
  /** As it was stored: what is known before the first step. */
  readonly before: RunProgress | null;
  readonly epochs: number;
  /** Hears of steps, gathered. @param parts that a step has norms of */
  readonly onSteps: (steps: RunSteps, parts: number) => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

export class RunMeter {
  readonly #options: RunMeterOptions;
  readonly #epochs: number;
  #activity: RunActivity = 'reading';
  #fraction: number | null = null;
  #epochsDone: number;
  #stepsDone: number;
  #stepsPerEpoch: number;
  #stepInEpoch = 0;
  #gathered: LearnedStep[] = [];
  #sentAt = -Infinity;
  /** Of the newest steps, the oldest first; compiling left out. */
  #durations: { readonly ms: number; readonly utterances: number }[] = [];
  /** When the newest step ended, or what was done between steps. */
  #markAt: number;
  /** What an epoch takes beside its steps; null before the first has ended. */
  #besideMs: number | null = null;
  #isCompiling = false;

  constructor(options: RunMeterOptions) {
    this.#options = options;
    this.#markAt = options.now();
    const { before } = options;
    this.#epochs = options.epochs;
    this.#epochsDone = before?.epoch ?? 0;
    this.#stepsDone = before?.step ?? 0;
    this.#stepsPerEpoch = before?.stepsPerEpoch ?? 0;
  }

  get progress(): RunProgress {
    const speed = this.#speed();
    return {
      activity: this.#activity,
      fraction: this.#fraction,
      epoch: this.#epochsDone,
      epochs: this.#epochs,
      step: this.#stepsDone,
      stepsPerEpoch: this.#stepsPerEpoch,
      utterancesPerSecond: speed === null ? null : speed.utterances / speed.seconds,
      secondsLeft: speed === null ? null : this.#secondsLeft(speed.seconds / speed.steps),
      peakBytes: process.resourceUsage().maxRSS * BYTES_PER_KILOBYTE,
    };
  }

  activity(activity: RunActivity, fraction: number | null): void {
    this.#activity = activity;
    this.#fraction = fraction;
    switch (activity) {
      case 'compiling':
        this.#isCompiling = true;
        return;
      case 'learning':
        // The step that was compiled for is still to be told.
        if (!this.#isCompiling) this.#markAt = this.#options.now();
        return;
      case 'reading':
      case 'validating':
      case 'saving':
        return this.flush();
      default:
        unreachable(activity);
    }
  }

  step(step: LearnedStep): void {
    const now = this.#options.now();
    if (!this.#isCompiling) this.#measure(now - this.#markAt, step.utterances);
    this.#isCompiling = false;
    this.#markAt = now;
    this.#activity = 'learning';
    this.#fraction = step.stepInEpoch / step.stepsPerEpoch;
    this.#epochsDone = step.epoch - 1;
    this.#stepsDone = step.step + 1;
    this.#stepsPerEpoch = step.stepsPerEpoch;
    this.#stepInEpoch = step.stepInEpoch;
    this.#gathered.push(step);
    if (now - this.#sentAt >= BATCH_MS) this.flush();
  }

  epochEnded(epoch: number): void {
    this.flush();
    const now = this.#options.now();
    this.#besideMs = now - this.#markAt;
    this.#markAt = now;
    this.#epochsDone = epoch;
    this.#stepInEpoch = 0;
  }

  /** Tells the steps that were not told yet. */
  flush(): void {
    const steps = this.#gathered;
    const [first] = steps;
    if (first === undefined) return;
    this.#gathered = [];
    this.#sentAt = this.#options.now();
    this.#options.onSteps(columnsOf(this.#options.runId, steps), first.partNorms.length);
  }

  #measure(ms: number, utterances: number): void {
    this.#durations.push({ ms, utterances });
    let sum = this.#durations.reduce((total, each) => total + each.ms, 0);
    while (sum > SPEED_MS && this.#durations.length > 1) sum -= this.#durations.shift()!.ms;
  }

  /** Null before a step was measured. */
  #speed(): { readonly seconds: number; readonly steps: number; readonly utterances: number } | null {
    const ms = this.#durations.reduce((sum, each) => sum + each.ms, 0);
    if (ms <= 0) return null;
    const utterances = this.#durations.reduce((sum, each) => sum + each.utterances, 0);
    return { seconds: ms / 1000, steps: this.#durations.length, utterances };
  }

  #secondsLeft(secondsPerStep: number): number {
    const epochsLeft = this.#epochs - this.#epochsDone;
    const stepsLeft = epochsLeft * this.#stepsPerEpoch - this.#stepInEpoch;
    return Math.max(0, stepsLeft) * secondsPerStep + (epochsLeft * (this.#besideMs ?? 0)) / 1000;
  }
}

/** @param steps at least one, without a gap */
export function columnsOf(runId: string, steps: readonly LearnedStep[]): RunSteps {
  return {
    runId,
    first: steps[0]!.step,
    loss: Float32Array.from(steps, ({ loss }) => loss),
    learningRate: Float32Array.from(steps, ({ learningRate }) => learningRate),
    gradientNorm: Float32Array.from(steps, ({ gradientNorm }) => gradientNorm),
    partNorms: Float32Array.from(steps.flatMap(({ partNorms }) => [...partNorms])),
    isSkipped: Uint8Array.from(steps, ({ isSkipped }) => (isSkipped ? 1 : 0)),
  };
}
