// The learning rate over a run: linear warm-up to the peak, then constant, in steps, along a cosine, or lower on every plateau.
import { z } from 'zod';
import type { ScheduleSettings } from '../../app/contract/trainingConfig';
import { unreachable } from '../../app/errors';

/** A run's schedule as a whole. */
export interface Schedule {
  /** The learning rate after warm-up. */
  readonly peak: number;
  readonly warmUpSteps: number;
  readonly epochs: number;
  readonly settings: ScheduleSettings;
}
/** A step's place in the run. */
export interface SchedulePlace {
  /** Epochs that are done. */
  readonly epoch: number;
  /** Steps of this epoch that are done. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly plateau: Plateau;
}

/**
 * Learning rate of one step. Steps are counted by epochs: the number of batches differs a little between them, and the last
 * step of a cosine must still come near zero.
 */
export function learningRateAt({ peak, warmUpSteps, epochs, settings }: Schedule, place: SchedulePlace): number {
  const step = place.epoch * place.stepsPerEpoch + place.step;
  if (step < warmUpSteps) return (peak * (step + 1)) / warmUpSteps;
  switch (settings.kind) {
    case 'constant':
      return peak;
    case 'step':
      return peak * settings.factor ** Math.floor(place.epoch / settings.everyEpochs);
    case 'cosine': {
      // Half a cosine down to zero (Loshchilov & Hutter 2017, one cycle).
      const progress = (step - warmUpSteps) / Math.max(1, epochs * place.stepsPerEpoch - warmUpSteps);
      return (peak * (1 + Math.cos(Math.PI * Math.min(1, progress)))) / 2;
    }
    case 'plateau':
      return peak * place.plateau.factor;
    default:
      return unreachable(settings);
  }
}

/** What the plateau schedule remembers from epoch to epoch; part of a checkpoint. */
export const plateauSchema = z.strictObject({
  /** Smallest loss of an epoch so far; null before the first. */
  bestLoss: z.number().nullable(),
  epochsSinceBest: z.number().int().nonnegative(),
  /** What the peak is multiplied by now. */
  factor: z.number().positive(),
});
export type Plateau = z.infer<typeof plateauSchema>;
export const NO_PLATEAU: Plateau = { bestLoss: null, epochsSinceBest: 0, factor: 1 };

/** A loss counts as better when it is smaller by this share, as in torch.optim.lr_scheduler.ReduceLROnPlateau. */
const MIN_IMPROVEMENT = 1e-4;

/** The plateau after an epoch. @param loss of the epoch; null where it had none: no epoch then counts as better. */
export function afterEpoch(plateau: Plateau, loss: number | null, settings: ScheduleSettings): Plateau {
  if (settings.kind !== 'plateau') return plateau;
  const { bestLoss, epochsSinceBest, factor: current } = plateau;
  if (loss !== null && (bestLoss === null || loss < bestLoss * (1 - MIN_IMPROVEMENT)))
    return { bestLoss: loss, epochsSinceBest: 0, factor: current };
  if (epochsSinceBest < settings.patienceEpochs)
    return { bestLoss, epochsSinceBest: epochsSinceBest + 1, factor: current };
  return { bestLoss, epochsSinceBest: 0, factor: current * settings.factor };
}
