// What the recorder can be doing, and what may follow what.
import type { ErrorMessage } from '../../app/contract/errorMessage';
import { unreachable } from '../../app/errors';

/** Why recording rests: the person's wish, no microphone (any more), or too much sound waiting for the engine. */
export type PauseReason = 'person' | 'noMicrophone' | 'behind';

export type RecorderState =
  | { readonly kind: 'idle' }
  /** The system is asking the person for the microphone, or opening it; `isGoingOn` where a recording waits for it. */
  | { readonly kind: 'asking'; readonly isGoingOn: boolean }
  | { readonly kind: 'recording' }
  | { readonly kind: 'paused'; readonly reason: PauseReason }
  /** The last word is being heard and the recording closed. */
  | { readonly kind: 'finishing' }
  | { readonly kind: 'noMicrophone'; readonly reason: 'denied' | 'missing' | 'busy' }
  | { readonly kind: 'failed'; readonly error: ErrorMessage | Error };

export type RecorderEvent =
  | { readonly kind: 'asked' }
  | { readonly kind: 'opened' }
  | { readonly kind: 'refused'; readonly reason: 'denied' | 'missing' | 'busy' }
  | { readonly kind: 'paused'; readonly reason: PauseReason }
  | { readonly kind: 'stopping' }
  | { readonly kind: 'finished' }
  | { readonly kind: 'failed'; readonly error: ErrorMessage | Error };

export const IDLE: RecorderState = { kind: 'idle' };

/** Whether a new recording can begin. */
export const canStart = (state: RecorderState): boolean =>
  state.kind === 'idle' || state.kind === 'noMicrophone' || state.kind === 'failed';
/** Whether a recording is under way, resting or not. */
export const isActive = (state: RecorderState): boolean =>
  state.kind === 'recording' || state.kind === 'paused' || state.kind === 'finishing' || isAskingAgain(state);
const isAskingAgain = (state: RecorderState): boolean => state.kind === 'asking' && state.isGoingOn;

/** @returns the state after the event; the same state where the event has no meaning in it */
export function nextState(state: RecorderState, event: RecorderEvent): RecorderState {
  switch (event.kind) {
    case 'asked':
      if (canStart(state)) return { kind: 'asking', isGoingOn: false };
      return state.kind === 'paused' ? { kind: 'asking', isGoingOn: true } : state;
    case 'opened':
      return state.kind === 'asking' ? { kind: 'recording' } : state;
    case 'refused':
      if (state.kind !== 'asking') return state;
      return state.isGoingOn
        ? { kind: 'paused', reason: 'noMicrophone' }
        : { kind: 'noMicrophone', reason: event.reason };
    case 'paused':
      return state.kind === 'recording' ? { kind: 'paused', reason: event.reason } : state;
    case 'stopping':
      return state.kind === 'recording' || state.kind === 'paused' ? { kind: 'finishing' } : state;
    case 'finished':
      return state.kind === 'finishing' ? IDLE : state;
    case 'failed':
      return { kind: 'failed', error: event.error };
    default:
      return unreachable(event);
  }
}
