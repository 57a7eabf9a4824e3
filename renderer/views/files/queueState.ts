// How far a file of the queue is.
import { unreachable } from '../../../app/errors';
import type { FileState } from '../../../app/contract/messages';

/** `waiting`: not begun. `converting`: the window decodes what the engine could not. The rest is the engine's word. */
export type QueueState = FileState | 'waiting' | 'converting';

/** Sending and hearing as one bar: sending is its first tenth. */
export function shareDone(file: { readonly state: QueueState; readonly fraction: number }): number {
  switch (file.state) {
    case 'waiting':
    case 'converting':
      return 0;
    case 'receiving':
      return 0.1 * file.fraction;
    case 'queued':
    case 'decoding':
      return 0.1;
    case 'transcribing':
      return 0.1 + 0.9 * file.fraction;
    case 'done':
    case 'failed':
    case 'cancelled':
      return 1;
    default:
      return unreachable(file.state);
  }
}
