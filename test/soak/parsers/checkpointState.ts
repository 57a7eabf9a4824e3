// A run that has hardly begun.
import type { CheckpointState } from '../../../engine/training/checkpoint';
import { NO_SUMS } from '../../../engine/training/progress';
import { NO_PLATEAU } from '../../../engine/training/schedule';

export const NO_STATE: CheckpointState = {
  epoch: 0,
  batches: 1,
  step: 1,
  skippedSteps: 0,
  skippedInRow: 0,
  plateau: NO_PLATEAU,
  sums: NO_SUMS,
  best: null,
  lowestLoss: null,
  epochsSinceBetter: 0,
};
