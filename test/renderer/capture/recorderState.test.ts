import { describe, expect, test } from 'vitest';
import {
  IDLE,
  canStart,
  isActive,
  nextState,
  type RecorderEvent,
  type RecorderState,
} from '../../../renderer/capture/recorderState';

const after = (...events: RecorderEvent[]): RecorderState => events.reduce(nextState, IDLE);
const asked: RecorderEvent = { kind: 'asked' };
const opened: RecorderEvent = { kind: 'opened' };
const paused: RecorderEvent = { kind: 'paused', reason: 'person' };

describe('the recorder', () => {
  test('asks, records, finishes and rests', () => {
    expect(after(asked)).toEqual({ kind: 'asking', isGoingOn: false });
    expect(after(asked, opened)).toEqual({ kind: 'recording' });
    expect(after(asked, opened, { kind: 'stopping' })).toEqual({ kind: 'finishing' });
    expect(after(asked, opened, { kind: 'stopping' }, { kind: 'finished' })).toEqual(IDLE);
  });

  test('goes on after a pause', () => {
    expect(after(asked, opened, paused, asked, opened)).toEqual({ kind: 'recording' });
  });

  test('can be stopped while it rests', () => {
    expect(after(asked, opened, paused, { kind: 'stopping' })).toEqual({ kind: 'finishing' });
  });

  test('says why it has no microphone, and can be asked again', () => {
    const denied = after(asked, { kind: 'refused', reason: 'denied' });
    expect(denied).toEqual({ kind: 'noMicrophone', reason: 'denied' });
    expect(nextState(denied, asked)).toEqual({ kind: 'asking', isGoingOn: false });
  });

  test('keeps a recording whose microphone does not come back', () => {
    expect(after(asked, opened, paused, asked, { kind: 'refused', reason: 'missing' })).toEqual({
      kind: 'paused',
      reason: 'noMicrophone',
    });
  });

  test('does nothing on events that have no meaning in its state', () => {
    expect(after(opened, paused, { kind: 'stopping' }, { kind: 'finished' })).toBe(IDLE);
    expect(after(asked, opened, asked)).toEqual({ kind: 'recording' });
  });

  test('is active as long as a recording is open, and can start only when none is', () => {
    const asking = after(asked, opened, paused, asked);
    expect([isActive(asking), canStart(asking)]).toEqual([true, false]);
    expect([isActive(IDLE), canStart(IDLE)]).toEqual([false, true]);
    expect([isActive(after(asked)), canStart(after(asked))]).toEqual([false, false]);
  });
});
