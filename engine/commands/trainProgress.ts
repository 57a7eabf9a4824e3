// What `unroll train` shows while it works: one bar with the time left, a line for each epoch.
import type { CompiledShape } from '../network/program';
import type { TrainModelHooks } from '../training/prepareRun';
import type { EpochReport, StepReport } from '../training/records';
import { drawBar, percent, say } from './output';

/** Share of the past in the mean duration of a step. */
const SMOOTHING = 0.95;

export function trainProgress(epochs: number): TrainModelHooks {
  let done = 0;
  const clock = new StepClock();
  return {
    onPreparing: (read, of) => drawBar(read / of, `reading recordings, ${read} of ${of}`),
    onLeftOut: (rows) => {
      const [first] = rows;
      if (first !== undefined) say(`${rows.length} rows were left out; the first: ${first.reason}`);
    },
    onActivity: (activity) => {
      if (activity !== 'learning') clock.interrupt();
    },
    onCompiling: ({ T, N }: CompiledShape) => drawBar(done, `compiling for ${N} rows of up to ${T} frames`),
    onStep: (report: StepReport) => {
      const { epoch, step, stepsPerEpoch, loss, gradientNorm, isSkipped } = report;
      clock.tick();
      if (isSkipped) say(skippedText(report));
      done = (epoch - 1 + step / stepsPerEpoch) / epochs;
      const numbers = isSkipped
        ? 'no finite loss, skipped'
        : `loss ${loss?.toFixed(3)}, gradient norm ${gradientNorm?.toPrecision(3)}`;
      const left = clock.secondsFor((epochs - epoch + 1) * stepsPerEpoch - step);
      drawBar(
        done,
        `epoch ${epoch} of ${epochs}, step ${step} of ${stepsPerEpoch}, ${left === null ? '' : `${durationText(left)} left, `}${numbers}`,
      );
    },
    onEpoch: (report) => say(describe(report)),
  };
}

/** How long steps take; what lies between them counts not. */
class StepClock {
  #mean: number | null = null;
  #last: number | null = null;

  interrupt(): void {
    this.#last = null;
  }
  tick(): void {
    const now = performance.now();
    if (this.#last !== null) {
      const own = (now - this.#last) / 1000;
      this.#mean = this.#mean === null ? own : SMOOTHING * this.#mean + (1 - SMOOTHING) * own;
    }
    this.#last = now;
  }
  /** Null before a step was measured. */
  secondsFor(steps: number): number | null {
    return this.#mean === null ? null : this.#mean * steps;
  }
}

export function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.ceil(whole / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const skippedText = ({ epoch, step, recordings = [] }: StepReport): string =>
  `epoch ${epoch}, step ${step}: loss or gradient not finite, nothing learned${recordings.length > 0 ? `; in it: ${recordings.join(', ')}` : ''}`;

function describe(report: EpochReport): string {
  const validation =
    report.validationLoss === null
      ? ''
      : `, validation loss ${report.validationLoss.toFixed(3)}${scoresText(report)}${report.isBest ? ', the best so far' : ''}`;
  const skipped = report.skippedSteps > 0 ? `, ${report.skippedSteps} steps without a finite loss` : '';
  return `epoch ${report.epoch} of ${report.epochs}: loss ${report.trainLoss?.toFixed(3) ?? '–'}${validation}, ${report.seconds.toFixed(1)} s${skipped}`;
}

function scoresText({ symbolError, wordError, accuracy, tokenAccuracy, slotF1, precisionAtK }: EpochReport): string {
  const parts = [
    ...(symbolError === null ? [] : [`symbols wrong ${percent(symbolError)}`]),
    ...(wordError === null ? [] : [`words wrong ${percent(wordError)}`]),
    ...(accuracy === undefined ? [] : [`right ${percent(accuracy)}`]),
    ...(tokenAccuracy === undefined ? [] : [`tags right ${percent(tokenAccuracy)}`]),
    ...(slotF1 === undefined ? [] : [`slot F1 ${percent(slotF1)}`]),
    ...(precisionAtK === undefined ? [] : [`right among the first five ${percent(precisionAtK)}`]),
  ];
  return parts.map((part) => `, ${part}`).join('');
}
