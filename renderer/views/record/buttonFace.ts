// Which face the record button shows, and what a screen reader says of it.
import { unreachable } from '../../../app/errors';
import type { RecorderState } from '../../capture/recorderState';
import { counted, t } from '../../i18n/messages.svelte';

/**
 * ready: red disc. wait: open red circle. live: rounded square. hold: two bars. done: open grey circle. off: grey disc.
 */
export type ButtonFace = 'ready' | 'wait' | 'live' | 'hold' | 'done' | 'off';

/** @param isOpening the model is not ready yet, although the person wishes to record */
export function buttonFace(state: RecorderState, canRecord: boolean, isOpening: boolean): ButtonFace {
  switch (state.kind) {
    case 'asking':
      return 'wait';
    case 'recording':
      return 'live';
    case 'paused':
      return 'hold';
    case 'finishing':
      return 'done';
    case 'noMicrophone':
      return isOpening ? 'wait' : 'off';
    case 'idle':
    case 'failed':
      if (isOpening) return 'wait';
      return canRecord ? 'ready' : 'off';
    default:
      return unreachable(state);
  }
}

export function buttonLabel(state: RecorderState, face: ButtonFace, elapsedMs: number): string {
  switch (face) {
    case 'ready':
      return t('record.button.record');
    case 'wait':
      return state.kind === 'asking' ? t('record.button.asking') : t('record.button.opening');
    case 'live':
      return counted('record.button.stop', Math.floor(elapsedMs / 1000));
    case 'hold':
      return t('record.button.goOn');
    case 'done':
      return t('record.button.finishing');
    case 'off':
      if (state.kind !== 'noMicrophone') return t('record.noModel');
      return state.reason === 'denied' ? t('record.button.denied') : t('record.button.none');
    default:
      return unreachable(face);
  }
}
