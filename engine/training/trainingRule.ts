// What a training step minimises and how it turns gradients into new weights: the choices as a configuration names them, and
// what each of them keeps.
import {
  USUAL_CLIPPING,
  USUAL_OPTIMIZER,
  type Clipping,
  type OptimizerSettings,
} from '../../app/contract/trainingConfig';

/** What is added to the bare loss of a head in training. */
export interface LossSettings {
  /**
   * ε in [0, 1): the target is 1 − ε of the label and ε of all classes alike (Szegedy et al. 2016, section 7). CTC, which has
   * no target for a frame: 1 − ε of its loss and ε of every frame's cross-entropy against all classes alike.
   */
  readonly labelSmoothing: number;
  /** Each class's share of a target is multiplied by its weight, as in PyTorch; null: none. Not for CTC. */
  readonly classWeights: readonly number[] | null;
  /**
   * Of a framewise head: scores of class b after class a, [C + 1, C], the last row of the beginning. What is made likely then are a
   * sequence's labels together, among all that it could have: see orderLoss.ts. Each frame's label for itself if left out.
   */
  readonly order?: readonly number[];
}
export const PLAIN_LOSS: LossSettings = { labelSmoothing: 0, classWeights: null };

/** The bare loss of the same labels. */
export const plainLoss = ({ order }: LossSettings): LossSettings => (order ? { ...PLAIN_LOSS, order } : PLAIN_LOSS);

/** What a training step does; fixed when a program is opened. */
export interface TrainingRule {
  readonly loss: LossSettings;
  readonly optimizer: OptimizerSettings;
  readonly clipping: Clipping;
  /** Decay of the weights' running average, in [0, 1); 0: no average is kept. */
  readonly averageDecay: number;
  /** Whether sequences may be learned in parts, with the state carried over; needs forward layers and a framewise head. */
  readonly isInParts: boolean;
  /** Layers, from the first on, that no step changes, and with them what lies below; their gradients count in no norm. */
  readonly frozenLayers: number;
}
export const USUAL_TRAINING: TrainingRule = {
  loss: PLAIN_LOSS,
  optimizer: USUAL_OPTIMIZER,
  clipping: USUAL_CLIPPING,
  averageDecay: 0,
  isInParts: false,
  frozenLayers: 0,
};

/** What an optimiser keeps of each parameter from update to update. */
export type Slot = 'moment1' | 'moment2' | 'meanSquare' | 'velocity' | 'average';

function optimizerSlots({ kind }: OptimizerSettings): readonly Slot[] {
  switch (kind) {
    case 'sgd':
      return ['velocity'];
    case 'rmsprop':
      return ['meanSquare'];
    case 'adam':
    case 'adamw':
      return ['moment1', 'moment2'];
  }
}
/** The slots that a rule needs, in their fixed order. */
export const slotsOf = ({ optimizer, averageDecay }: TrainingRule): readonly Slot[] =>
  averageDecay > 0 ? [...optimizerSlots(optimizer), 'average'] : optimizerSlots(optimizer);
