// Which learning rate a network stands (Smith, "Cyclical Learning Rates for Training Neural Networks", 2017, section 3.3): the
// rate is raised from step to step and the loss looked at. Nothing of it is kept.
import { initialParameters } from '../network/initialise';
import { openProgram } from '../network/open';
import { batchOf, planEpoch } from './epochPlan';
import { framewise, rulesOf } from './learningRule';
import type { TrainInput } from './train';

export interface RatePoint {
  readonly learningRate: number;
  /** Of the step with this rate, nats. */
  readonly loss: number;
}
export interface FoundRate {
  readonly points: readonly RatePoint[];
  /** Where the smoothed loss falls most steeply; null where it does not fall. */
  readonly suggestion: number | null;
}
export interface FindRateOptions {
  readonly steps?: number;
  readonly lowest?: number;
  readonly highest?: number;
  readonly onStep?: (done: number, of: number, point: RatePoint) => void;
  /** Asked between two steps; what was measured until then is handed out. */
  readonly isEnough?: () => boolean;
}

/** Share of the past in the smoothed loss. */
const SMOOTHING = 0.9;
/** The rate is too high once the smoothed loss is so many times its lowest. */
const TOO_HIGH = 4;
/** A loss that falls by less than this share of its first value does not fall. */
const FALL = 0.02;

/** Raises the rate exponentially from `lowest` to `highest`, or until the loss is no more finite or far above its lowest. */
export async function findRate(input: TrainInput, options: FindRateOptions = {}): Promise<FoundRate> {
  const { steps = 120, lowest = 1e-6, highest = 1, onStep, isEnough } = options;
  const { config, spec, training, rung } = input;
  const { seed } = config.training;
  const isFlat = config.training.flatStart.epochs > 0;
  const ownSpec = isFlat ? framewise(spec) : spec;
  const rules = rulesOf(input);
  const first = input.beginning ?? initialParameters(ownSpec, seed);
  const program = await openProgram(ownSpec, first, rung, isFlat ? rules.flat : rules.usual);
  const points: RatePoint[] = [];
  try {
    let plan = planEpoch(config, training, 0);
    for (let [at, epoch] = [0, 0]; points.length < steps; at++) {
      if (isEnough?.() === true) break;
      if (at === plan.batches.length) {
        epoch = isFlat ? epoch : epoch + 1;
        plan = planEpoch(config, training, epoch);
        at = 0;
      }
      const learningRate = lowest * (highest / lowest) ** (points.length / Math.max(1, steps - 1));
      const stepSeed = (seed * 7919 + points.length) % 2 ** 31;
      const batch = batchOf(training, spec, plan, plan.batches[at]!, stepSeed);
      const { loss, isSkipped } = await program.trainStep(batch, { learningRate, seed: stepSeed });
      if (isSkipped) break;
      points.push({ learningRate, loss });
      onStep?.(points.length, steps, points.at(-1)!);
      const smoothed = smooth(points.map((point) => point.loss));
      if (smoothed.at(-1)! > TOO_HIGH * Math.min(...smoothed)) break;
      await breath();
    }
  } finally {
    program.dispose();
  }
  return { points, suggestion: suggestionOf(points) };
}

/** Lets others have their turn. */
const breath = (): Promise<void> => new Promise((done) => setImmediate(done));

/** Exponentially weighted means, without the bias of their start. */
function smooth(losses: readonly number[]): number[] {
  let mean = 0;
  return losses.map((loss, k) => {
    mean = SMOOTHING * mean + (1 - SMOOTHING) * loss;
    return mean / (1 - SMOOTHING ** (k + 1));
  });
}

/** The rate between whose neighbours the smoothed loss falls most, before it is lowest. */
export function suggestionOf(points: readonly RatePoint[]): number | null {
  const smoothed = smooth(points.map(({ loss }) => loss));
  const lowest = smoothed.indexOf(Math.min(...smoothed));
  if (lowest < 2 || smoothed[0]! - smoothed[lowest]! < FALL * Math.abs(smoothed[0]!)) return null;
  let steepest = 1;
  const fallAt = (k: number): number => smoothed[k - 1]! - smoothed[k + 1]!;
  for (let k = 2; k < lowest; k++) if (fallAt(k) > fallAt(steepest)) steepest = k;
  return points[steepest]!.learningRate;
}
