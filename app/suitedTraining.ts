// Settings by which a data set of its size is learned.
import type { DataSet } from './contract/dataSets';
import type { TrainingConfig } from './contract/trainingConfig';

type SetSize = Pick<DataSet, 'recordings' | 'seconds'>;

/** A network learns by steps: a small set has to be gone through more often to give it as many. */
const WANTED_STEPS = 600;
const MOST_EPOCHS = 600;
/**
 * Fewer recordings than this are learned by heart or not at all: in many small steps, from a flat start that says where their
 * symbols lie. Measured on the sample set: see docs/data-sets.md.
 */
const FEW_RECORDINGS = 60;
const FEW = { maxRows: 4, learningRate: 0.005, dropout: 0.1, wantedSteps: 800, flatShare: 1 / 6 } as const;

/** What follows the size of a data set. */
export type SuitedTraining = Pick<TrainingConfig['training'], 'epochs' | 'maxRows' | 'learningRate' | 'flatStart'> &
  Pick<TrainingConfig['network'], 'dropout'>;

/** Of a configuration what follows the size of a data set. */
export const suitable = ({ training, network }: TrainingConfig): SuitedTraining => {
  const { epochs, maxRows, learningRate, flatStart } = training;
  return { epochs, maxRows, learningRate, flatStart, dropout: network.dropout };
};

/** What a network that begins with chance needs for a set of that size. @param usual for a set of common size */
export function suitedTraining(set: SetSize, usual: TrainingConfig): SuitedTraining {
  if (set.recordings >= FEW_RECORDINGS) return { ...suitable(usual), epochs: epochsFor(set, usual, WANTED_STEPS) };
  const epochs = enough(FEW.wantedSteps, set.recordings / FEW.maxRows, usual);
  const { maxRows, learningRate, dropout } = FEW;
  return {
    epochs,
    maxRows,
    learningRate,
    dropout,
    flatStart: { epochs: Math.round(epochs * FEW.flatShare), corpora: [] },
  };
}

/** Epochs that give about as many steps, and never fewer than usual. */
export function epochsFor({ seconds }: Pick<SetSize, 'seconds'>, usual: TrainingConfig, wantedSteps: number): number {
  const frames = (1000 * seconds) / usual.frontEnd.hopMs;
  return enough(wantedSteps, frames / usual.training.batchFrames, usual);
}

const enough = (steps: number, stepsPerEpoch: number, { training }: TrainingConfig): number =>
  Math.min(MOST_EPOCHS, Math.max(training.epochs, Math.ceil(steps / Math.max(1, stepsPerEpoch))));
