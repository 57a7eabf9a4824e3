// Carrying states from part to part of the same sequences, as ordinary TensorFlow.js operations.
import type { Tensor2D } from '@tensorflow/tfjs';
import type { NetworkSpec } from '../../app/contract/network';
import { statesOf, type CarriedStates, type LayerState } from './carriedStates';
import { INITIAL_STATE_NAMES } from './parameters';
import type { TensorFlow } from './portableBackend';
import type { LayerOptions, ParameterTensors } from './portableLayers';

/** States that a part starts from (null: a beginning), and where those after it are put. */
export interface Carrying {
  readonly before: CarriedStates | null;
  readonly after: Map<string, Float32Array>;
}

/** The layers' options for N rows of a part. */
export function carryingOptions(
  tf: TensorFlow,
  spec: NetworkSpec,
  parameters: ParameterTensors,
  N: number,
  { before, after }: Carrying,
): Pick<LayerOptions, 'initial' | 'onFinal'> {
  const all = statesOf(spec);
  const statesFor = (prefix: string): LayerState[] => all.filter((state) => state.prefix === prefix);
  const given = ({ key, prefix, name, size }: LayerState, states: CarriedStates): Tensor2D => {
    const state = tf.tensor2d(states.get(key)!, [N, size]);
    // A learned first state has no part in it, but must have a gradient: zero.
    const learned = parameters.get(`${prefix}.${INITIAL_STATE_NAMES[name]}`);
    return learned === undefined ? state : tf.add(state, tf.mul(learned, 0));
  };
  return {
    ...(before === null ? {} : { initial: (prefix) => statesFor(prefix).map((state) => given(state, before)) }),
    onFinal: (prefix, final) => {
      statesFor(prefix).forEach(({ key }, k) => after.set(key, final[k]!.dataSync() as Float32Array));
    },
  };
}
