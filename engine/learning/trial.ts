// One training of one layer on one task: until it is solved, or its steps are spent.
import type { LayerSpec, NetworkSpec } from '../../app/contract/network';
import type { Rung } from '../../app/contract/rung';
import { initialParameters } from '../network/initialise';
import { openProgram } from '../network/open';
import { makeRandom } from '../runtime/random';
import { PLAIN_LOSS, type TrainingRule } from '../training/trainingRule';
import type { LearningTask } from './task';

/** The layer that is trained, and how. */
export interface TrialSetting {
  readonly layer: LayerSpec;
  readonly rule: TrainingRule;
  readonly learningRate: number;
  /** Of a training step, drawn anew for each. */
  readonly sequences: number;
  /** Steps between two measurements. */
  readonly measuredEvery: number;
}
export const SEQUENCES = 32;
/** The same for all cells and tasks, so that the table compares cells and not settings. */
export const sharedSetting = (layer: LayerSpec): TrialSetting => ({
  layer,
  rule: {
    loss: PLAIN_LOSS,
    optimizer: { kind: 'adam' },
    clipping: { kind: 'norm', threshold: 1 },
    averageDecay: 0,
    isInParts: false,
    frozenLayers: 0,
  },
  learningRate: 0.003,
  sequences: SEQUENCES,
  measuredEvery: 100,
});
/** Sequences that measure, drawn once; none is learned from. */
export const TEST_SEQUENCES = 256;
/** Share of the test sequences that a solved task gets right. */
export const SOLVED_SHARE = 0.99;
const SEED = 1;
const TEST_SEED = 2;

export interface TrialOptions {
  readonly rung: Rung;
  /** Most training steps. */
  readonly steps: number;
  /** Awaited after every step; what it throws ends the trial. */
  readonly onStep?: () => Promise<void>;
  readonly onMeasured?: (step: number, rightShare: number) => void;
}
export interface TrialOutcome {
  /** Training steps after which the task was solved; null: it was not. */
  readonly solvedAfter: number | null;
  /** Largest share of test sequences that were right at any measurement. */
  readonly bestRightShare: number;
  /** Steps that were left out because a number was not finite. */
  readonly skippedSteps: number;
}

/** The same arguments give the same outcome, as far as the rung computes the same numbers every time. */
export async function learnTask(
  task: LearningTask,
  length: number,
  { layer, rule, learningRate, sequences, measuredEvery }: TrialSetting,
  { rung, steps, onStep, onMeasured }: TrialOptions,
): Promise<TrialOutcome> {
  const spec: NetworkSpec = { inputSize: task.inputSize, layers: [layer], dropout: 0, head: task.head };
  const random = makeRandom(SEED);
  const test = task.draw(makeRandom(TEST_SEED), length, TEST_SEQUENCES);
  const program = await openProgram(spec, initialParameters(spec, SEED), rung, rule);
  let [bestRightShare, skippedSteps] = [0, 0];
  try {
    for (let step = 1; step <= steps; step++) {
      const { batch } = task.draw(random, length, sequences);
      const { isSkipped } = await program.trainStep(batch, { learningRate, seed: step });
      if (isSkipped) skippedSteps++;
      await onStep?.();
      if (step % measuredEvery !== 0 && step !== steps) continue;
      const rightShare = test.countRight(await program.logits(test.batch)) / TEST_SEQUENCES;
      bestRightShare = Math.max(bestRightShare, rightShare);
      onMeasured?.(step, rightShare);
      if (rightShare >= SOLVED_SHARE) return { solvedAfter: step, bestRightShare, skippedSteps };
    }
    return { solvedAfter: null, bestRightShare, skippedSteps };
  } finally {
    program.dispose();
  }
}
