// What every rung offers: one network, ready to train and to recognise. Implementations: the compiled graph, and portable operations.
import type { Rung } from '../../app/contract/rung';
import type { ParameterSet } from './parameters';

/** Padded sequences, time-major. Rows past a sequence's length are ignored: padding changes no output and no gradient. */
export interface SequenceBatch {
  /** [T, N, D] */
  readonly features: Float32Array;
  readonly T: number;
  readonly N: number;
  readonly D: number;
  /** [N], frames of each sequence, at least 1 each. */
  readonly lengths: Int32Array;
}
export interface LabelledBatch extends SequenceBatch {
  /** CTC: the class of each symbol, per row, blanks left out; may be empty. Framewise: one class per frame. */
  readonly labels: readonly Int32Array[];
  /** [N], weight of each row's loss; 0 for rows that only fill the batch. Usually 1 / (real rows). */
  readonly rowWeights: Float32Array;
}

export interface TrainStepOptions {
  readonly learningRate: number;
  /** Global-norm threshold; Infinity: no clipping. */
  readonly maxGradientNorm: number;
  /** AdamW's decoupled weight decay; 0: plain Adam. */
  readonly weightDecay: number;
  /** Seeds this step's dropout masks. */
  readonly seed: number;
}
export interface TrainStepResult {
  /** Weighted sum of the rows' losses, in nats. */
  readonly loss: number;
  /** Global gradient norm before clipping. */
  readonly gradientNorm: number;
  /** True where loss or norm was not finite and nothing was updated. */
  readonly isSkipped: boolean;
}
/** Adam's moments and step count: with the parameters, all that resuming needs of the optimiser. */
export interface OptimizerState {
  readonly step: number;
  readonly moment1: ParameterSet;
  readonly moment2: ParameterSet;
}

export interface NetworkProgram {
  readonly rung: Rung;
  parameters(): ParameterSet;
  setParameters(values: ParameterSet): void;
  optimizerState(): OptimizerState;
  setOptimizerState(state: OptimizerState): void;
  /** Forward, loss, backward, clip, Adam. */
  trainStep(batch: LabelledBatch, options: TrainStepOptions): Promise<TrainStepResult>;
  /** Loss and gradients without dropout and without an update. inputGradient [T, N, D]. */
  gradients(batch: LabelledBatch): Promise<{ loss: number; gradients: ParameterSet; inputGradient: Float32Array }>;
  /** Loss per row without dropout, [N]. */
  losses(batch: LabelledBatch): Promise<Float32Array>;
  /** Head outputs before softmax, [T, N, C]. */
  logits(batch: SequenceBatch): Promise<Float32Array>;
  dispose(): void;
}

/** One sequence heard frame by frame; carries its states from push to push. Unidirectional networks only. */
export interface NetworkStream {
  /** frames [n, D] → logits [n, C]; n may be 0. */
  push(frames: Float32Array): Float32Array;
  /** Back to the initial state. */
  reset(): void;
  dispose(): void;
}
