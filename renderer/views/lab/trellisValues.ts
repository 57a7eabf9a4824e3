// What the dots of a trellis can show.
import type { ResultOf } from '../../../app/contract/lab';
import { unreachable } from '../../../app/errors';

export const TRELLIS_VALUES = ['alpha', 'beta', 'occupancy'] as const;
export type TrellisValue = (typeof TRELLIS_VALUES)[number];

/** Shares from 0 to 1: of each frame's α or β among its states, or of all ways, [frames, S]; null where no way leads. */
export function shareOf(result: ResultOf<'trellis'>, value: TrellisValue): (number | null)[] {
  const { alpha, beta, states } = result;
  const isReached = alpha.map((log, k) => log !== null && beta[k] !== null);
  switch (value) {
    case 'alpha':
      return sharesOfFrames(alpha, states.length);
    case 'beta':
      return sharesOfFrames(beta, states.length);
    case 'occupancy':
      return result.occupancy.map((share, k) => (isReached[k] ? share : null));
    default:
      return unreachable(value);
  }
}

function sharesOfFrames(logs: readonly (number | null)[], S: number): (number | null)[] {
  return logs.map((log, k) => {
    if (log === null) return null;
    const frame = logs.slice(S * Math.floor(k / S), S * (Math.floor(k / S) + 1));
    const most = Math.max(...frame.map((each) => each ?? -Infinity));
    const sum = frame.reduce<number>((all, each) => all + (each === null ? 0 : Math.exp(each - most)), 0);
    return Math.exp(log - most) / sum;
  });
}
