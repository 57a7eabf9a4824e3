// One kernel call for each frame: what native layers have in common whose only state is what they hand up.
import type { Handle } from '../runtime/native';
import type { TensorScope } from '../runtime/tensors';
import type { KernelMath } from './kernelMath';
import { output, type KeptStates } from './nativeLayer';

/**
 * @param x [n, D]
 * @param step from a frame [1, D] and the state [1, H] to the next state
 * @returns [n, H], the scope's
 */
export function pushFrames(
  math: KernelMath,
  { scope, states, x, n }: { scope: TensorScope; states: KeptStates; x: Handle; n: number },
  step: (row: Handle, state: Handle) => Handle,
): Handle {
  const rows = math.rows(x, n).map((row) => {
    const hidden = step(row, output(states.handles, 0));
    // The next step of this push deletes the state.
    const handed = n === 1 ? hidden : math.copy(hidden);
    states.replace(scope, [hidden]);
    return handed;
  });
  return math.stack(rows);
}
