// What an experiment that trains does between two steps: it tells of itself, and can be ended.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Measured } from '../../app/contract/labTraining';

export interface UnderWay<E extends Measured['experiment']> {
  readonly signal?: AbortSignal;
  readonly onMeasured?: (measured: Measured<E>) => void;
}

/** Lets whatever waits be done first, the message that ends the training among it. @throws the signal's reason once it is aborted */
export async function turnOfOthers(signal: AbortSignal | undefined): Promise<void> {
  await nextTurn();
  signal?.throwIfAborted();
}
