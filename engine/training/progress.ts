// Where a run stands besides its weights: sums over the epoch under way, the best epoch so far, how long nothing got better.
import { z } from 'zod';
import type { TrainingConfig } from '../../app/contract/trainingConfig';
import { count } from '../../app/contract/schema';
import type { EpochReport, StepReport } from './records';

/** Over the steps of an epoch that are done; of those that were skipped only utterances, seconds and the learning rate. */
export const sumsSchema = z.strictObject({
  /** Loss times rows. */
  loss: z.number(),
  rows: count,
  gradientNorm: z.number(),
  /** Steps that were not skipped. */
  steps: count,
  utterances: count,
  seconds: z.number().nonnegative(),
  /** Of the last step. */
  learningRate: z.number(),
});
export type Sums = z.infer<typeof sumsSchema>;
export const NO_SUMS: Sums = {
  loss: 0,
  rows: 0,
  gradientNorm: 0,
  steps: 0,
  utterances: 0,
  seconds: 0,
  learningRate: 0,
};

export function withStep(sums: Sums, report: StepReport, seconds: number): Sums {
  const { isSkipped, loss, gradientNorm, utterances, learningRate } = report;
  const learned = isSkipped ? 0 : 1;
  return {
    loss: isSkipped ? sums.loss : sums.loss + (loss ?? 0) * utterances,
    rows: sums.rows + learned * utterances,
    gradientNorm: isSkipped ? sums.gradientNorm : sums.gradientNorm + (gradientNorm ?? 0),
    steps: sums.steps + learned,
    utterances: sums.utterances + utterances,
    seconds: sums.seconds + seconds,
    learningRate,
  };
}

/** Means over the steps that were not skipped. */
export const summaryOf = (
  sums: Sums,
): Pick<EpochReport, 'trainLoss' | 'gradientNorm' | 'learningRate' | 'utterancesPerSecond'> => ({
  trainLoss: sums.rows === 0 ? null : sums.loss / sums.rows,
  gradientNorm: sums.steps === 0 ? null : sums.gradientNorm / sums.steps,
  learningRate: sums.learningRate,
  utterancesPerSecond: sums.seconds === 0 ? null : sums.utterances / sums.seconds,
});

/** The epoch whose weights are kept. */
export const bestSchema = z.strictObject({
  epoch: count,
  validationLoss: z.number().nullable(),
  /** Share of errors on validation: of symbols, or of labels. */
  errors: z.number().nullable(),
  wordError: z.number().nullable(),
});
export type Best = z.infer<typeof bestSchema>;

/**
 * Whether an epoch's weights are better than the best so far: fewer errors on validation, among equals a smaller loss there.
 * Epochs without validation: the newest, up to the first that has one.
 */
export function isBetter(candidate: Omit<Best, 'epoch'>, best: Omit<Best, 'epoch'> | null): boolean {
  if (best === null || best.validationLoss === null) return true;
  if (candidate.validationLoss === null) return false;
  if (candidate.errors !== null && best.errors !== null && candidate.errors !== best.errors)
    return candidate.errors < best.errors;
  return candidate.validationLoss < best.validationLoss;
}

/** Of the first of these that an epoch has: errors of symbols, slots, labels of steps, labels of sequences. */
export function errorsOf({
  symbolError,
  slotF1,
  tokenAccuracy,
  accuracy,
}: Pick<EpochReport, 'symbolError' | 'slotF1' | 'tokenAccuracy' | 'accuracy'>): number | null {
  if (symbolError !== null) return symbolError;
  const right = slotF1 ?? tokenAccuracy ?? accuracy;
  return right === undefined ? null : 1 - right;
}

export interface Patience {
  readonly lowestLoss: number | null;
  readonly epochsSinceBetter: number;
}
/** @param loss null where the epoch ended with none: it is no better then */
export function patienceAfter(
  { lowestLoss, epochsSinceBetter }: Patience,
  loss: number | null,
  isBest: boolean,
  settings: TrainingConfig['training']['earlyStopping'],
): Patience {
  const isLower = loss !== null && (lowestLoss === null || loss < lowestLoss - (settings?.minDelta ?? 0));
  return {
    lowestLoss: isLower ? loss : lowestLoss,
    epochsSinceBetter: isLower || isBest ? 0 : epochsSinceBetter + 1,
  };
}
