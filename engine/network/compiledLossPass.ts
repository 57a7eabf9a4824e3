// What a loss in the graph takes and gives.
import type { Value } from '../graph/graph';

/** What a loss is computed against; placeholders of the graph. */
export interface LossInputs {
  /** [N] */
  readonly lengths: Value;
  /** CTC: [K, 2] int32, (row, position) of each label, sorted. Others: not used. */
  readonly labelIndices: Value;
  /** CTC: [K] int32, a 0 for each empty row. Framewise: [T·N] int32, any class at masked frames. Others: [N] int32. */
  readonly labelValues: Value;
  /** CTC: [N] int32, 1 for rows without a label. Others: not used. */
  readonly isEmpty: Value;
}
export interface LossPass {
  /** [N], in nats */
  readonly losses: Value;
  /** As the logits, [T, N, C] or [1, N, C], of the unweighted losses; 0 past a sequence's end */
  readonly logitsGradient: Value;
}
