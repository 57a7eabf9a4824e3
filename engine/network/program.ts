// What every rung offers: one network, ready to train and to recognise. Implementations: the compiled graph, and portable operations.
import type { Rung } from '../../app/contract/rung';
import type { Slot } from '../training/trainingRule';
import type { CarriedStates } from './carriedStates';
import type { ParameterSet } from './parameters';

/** Padded sequences, time-major. Rows past a sequence's length are ignored: padding changes no output and no gradient. */
export interface SequenceBatch {
  /** [T, N, D]; where the network has an embedding, the slots of every step as numbers, -1 for none. */
  readonly features: Float32Array;
  readonly T: number;
  readonly N: number;
  readonly D: number;
  /** [N], frames of each sequence, at least 1 each. */
  readonly lengths: Int32Array;
}
export interface LabelledBatch extends SequenceBatch {
  /**
   * CTC: the class of each symbol, per row, blanks left out; may be empty. Framewise: one class per frame, or per step where
   * the network stacks frames. Heads that answer once for a sequence: one class.
   */
  readonly labels: readonly Int32Array[];
  /** [N], weight of each row's loss; 0 for rows that only fill the batch. Usually 1 / (real rows). */
  readonly rowWeights: Float32Array;
}

/** What one compiled program serves. */
export interface CompiledShape {
  readonly T: number;
  readonly N: number;
}

export interface TrainStepOptions {
  readonly learningRate: number;
  /** Seeds this step's dropout masks. */
  readonly seed: number;
  /** Seeds the masks that hold for a whole sequence; `seed` if left out. For parts of the same sequences it stays. */
  readonly sequenceSeed?: number;
}
export interface TrainStepResult {
  /** Weighted sum of the rows' training losses, in nats. */
  readonly loss: number;
  /** Global gradient norm before clipping. */
  readonly gradientNorm: number;
  /** Norm of each part's gradient before clipping: see networkParts. */
  readonly partNorms: Float32Array;
  /** True where loss or norm was not finite and nothing was updated. */
  readonly isSkipped: boolean;
}
/** With the parameters, all that resuming needs of the optimiser. */
export interface OptimizerState {
  /** Updates that were made. */
  readonly step: number;
  /** What the optimiser keeps of each parameter: exactly the slots of the program's update rule. */
  readonly slots: ReadonlyMap<Slot, ParameterSet>;
}
/** @throws Error where a state belongs to another update rule: a bug of the caller. */
export function slotOf(slots: OptimizerState['slots'], slot: Slot): ParameterSet {
  const values = slots.get(slot);
  if (values === undefined) throw new Error(`Expected an optimiser state with ${slot}`);
  return values;
}

export interface TrainPartResult extends TrainStepResult {
  /** The states after each row's last step, before the update's new parameters. */
  readonly after: CarriedStates;
}

export interface NetworkProgram {
  readonly rung: Rung;
  /** The parameters that are trained. */
  parameters(): ParameterSet;
  /** A running average of the parameters starts from them anew. */
  setParameters(values: ParameterSet): void;
  /** What the network recognises with: the running average of the parameters where it is kept, else the parameters. */
  recognitionParameters(): ParameterSet;
  /** What the optimiser keeps of each parameter, by the program's update rule. */
  readonly slots: readonly Slot[];
  optimizerState(): OptimizerState;
  setOptimizerState(state: OptimizerState): void;
  /**
   * What the next training step on such a batch is compiled for before it is taken, which takes a second or so: T up to which
   * sequences fit, and N; null where nothing needs compiling.
   */
  shapeToCompile(batch: Pick<SequenceBatch, 'T' | 'N'>): CompiledShape | null;
  /** Forward, loss, backward, clip, update, average. */
  trainStep(batch: LabelledBatch, options: TrainStepOptions): Promise<TrainStepResult>;
  /**
   * A training step on one part of longer sequences: it starts from the states after the part before, into which no gradient
   * flows; null: the beginning. Only with a rule for parts.
   */
  trainPart(batch: LabelledBatch, options: TrainStepOptions, before: CarriedStates | null): Promise<TrainPartResult>;
  /** The training loss and its gradients without dropout and without an update. inputGradient [T, N, values that the first layer reads]. */
  gradients(batch: LabelledBatch): Promise<{ loss: number; gradients: ParameterSet; inputGradient: Float32Array }>;
  /** Plain loss per row, without dropout, smoothing and class weights, by the recognition parameters, [N]. */
  losses(batch: LabelledBatch): Promise<Float32Array>;
  /** Head outputs before softmax, by the recognition parameters, [T, N, C], T in steps (stack.ts); [1, N, C] where the head answers once. */
  logits(batch: SequenceBatch): Promise<Float32Array>;
  dispose(): void;
}

/** One sequence heard frame by frame; carries its states from push to push. Unidirectional networks only. */
export interface NetworkStream {
  /** frames [n, D] → logits [n, C]; n may be 0. Where the network stacks frames: of the steps that became whole. */
  push(frames: Float32Array): Float32Array;
  /** Back to the initial state. */
  reset(): void;
  dispose(): void;
}
