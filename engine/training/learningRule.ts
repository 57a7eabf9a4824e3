// The rule that a run's steps follow, and the network of its flat start.
import type { NetworkSpec } from '../../app/contract/network';
import type { TrainingConfig } from '../../app/contract/trainingConfig';
import { USUAL_TRAINING, type TrainingRule } from './trainingRule';

/** The same network learned frame by frame: a flat start's. */
export const framewise = (spec: NetworkSpec): NetworkSpec => ({ ...spec, head: { ...spec.head, kind: 'framewise' } });

interface Learned {
  readonly config: Pick<TrainingConfig, 'training'>;
  readonly spec: NetworkSpec;
  readonly classWeights: readonly number[] | null;
  readonly order?: readonly number[];
}

/** How a step learns; a flat start has no weights of classes. */
export function rulesOf({ config, spec, classWeights, order }: Learned): {
  readonly usual: TrainingRule;
  readonly flat: TrainingRule;
} {
  const { optimizer, clipping, averageDecay, labelSmoothing, truncation, frozenLayers = 0 } = config.training;
  const common = { ...USUAL_TRAINING, optimizer, clipping, averageDecay, frozenLayers };
  const inParts = { ...common, isInParts: truncation !== null };
  const isInParts = inParts.isInParts && spec.head.kind === 'framewise';
  return {
    usual: { ...inParts, isInParts, loss: { labelSmoothing, classWeights, ...(order && { order }) } },
    flat: { ...inParts, loss: { labelSmoothing, classWeights: null } },
  };
}
