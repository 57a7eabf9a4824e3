// Why a lower rung has to do, in a form that every language has a sentence for.
import type { RungReason } from '../../app/contract/rung';
import type { ReasonCode } from '../../app/errors';
import { tensorflowPath } from '../runtime/native';
import type { RungChoice } from '../runtime/rung';

/**
 * @param isForced the rung was asked for, and the others were not looked at
 * @param hasLibrary whether native TensorFlow is installed
 * @returns null on the top rung
 */
export function rungReasonOf(
  { rung, reason }: Pick<RungChoice, 'rung' | 'reason'>,
  isForced: boolean,
  hasLibrary: boolean,
): (RungReason & { readonly reason: ReasonCode }) | null {
  if (rung === 'compiled') return null;
  if (isForced) return { reason: 'reason.rung.forced', detail: '' };
  if (rung === 'native') return { reason: 'reason.rung.notCompiling', detail: reason };
  return hasLibrary
    ? { reason: 'reason.rung.notStarting', detail: reason }
    : { reason: 'reason.rung.noLibrary', detail: '' };
}

export const hasNativeLibrary = (): boolean => tensorflowPath() !== null;
