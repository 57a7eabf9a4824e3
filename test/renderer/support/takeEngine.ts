// An engine that takes takes: it holds their sound, finds the voice in the middle, and makes rows of those that are kept.
import type { TakeCheck } from '../../../app/contract/dataSets';
import { UnrollError } from '../../../app/errors';
import type { MockBridge } from '../../../renderer/bridge/mockBridge';
import { dataRow } from './dataShelf';

export interface TakeEngine {
  /** What it holds of a take. */
  pcmOf(takeId: string): Int16Array;
  /** Of all takes. */
  samples(): number;
  /** Goes away: answers everything with this error and forgets what it held. Null: works again. */
  fail(error: UnrollError | null): void;
  /** What it says of the next takes. */
  say(check: Partial<TakeCheck>): void;
  readonly discarded: readonly string[];
}

interface HeldTake {
  readonly prompt: string;
  readonly speaker: string;
  pcm: Int16Array;
}

export function takeEngine(bridge: MockBridge): TakeEngine {
  const takes = new Map<string, HeldTake>();
  const discarded: string[] = [];
  let failure: UnrollError | null = null;
  let said: Partial<TakeCheck> = {};
  let started = 0;
  let rows = 100;
  const find = (takeId: string): HeldTake => {
    if (failure) throw failure;
    const take = takes.get(takeId);
    if (!take) throw new UnrollError('recording.missing');
    return take;
  };
  bridge.answer('data.takeStart', ({ prompt, speaker }) => {
    if (failure) throw failure;
    const takeId = `take-${++started}`;
    takes.set(takeId, { prompt, speaker, pcm: new Int16Array(0) });
    return { takeId };
  });
  bridge.answer('data.takeChunk', ({ takeId, firstSample, pcm }) => {
    const take = find(takeId);
    if (firstSample !== take.pcm.length) throw new Error(`Expected sample ${take.pcm.length}, but got ${firstSample}`);
    const all = new Int16Array(take.pcm.length + pcm.length);
    all.set(take.pcm);
    all.set(pcm, take.pcm.length);
    take.pcm = all;
    return { samplesOnDisk: all.length };
  });
  bridge.answer('data.takeFinish', ({ takeId }) => {
    const durationMs = find(takeId).pcm.length / 16;
    const check = {
      takeId,
      durationMs,
      fromMs: 0.1 * durationMs,
      toMs: 0.9 * durationMs,
      peaks: new Float32Array(400),
    };
    const good = { peakDb: -6, isClipped: false, isTooQuiet: false, hasVoice: true, signalToNoiseDb: 38, heard: null };
    return { check: { ...check, ...good, ...said } };
  });
  bridge.answer('data.takeKeep', ({ takeId, fromMs, toMs }) => {
    const { prompt, speaker } = find(takeId);
    return { row: dataRow(rows++, prompt, { speaker, seconds: (toMs - fromMs) / 1000 }) };
  });
  bridge.answer('data.takeDiscard', ({ takeId }) => {
    discarded.push(takeId);
    return {};
  });
  return {
    pcmOf: (takeId) => find(takeId).pcm,
    samples: () => [...takes.values()].reduce((sum, { pcm }) => sum + pcm.length, 0),
    fail: (error) => {
      failure = error;
      if (!error) return;
      takes.clear();
      bridge.emit('engine.state', { state: 'restarting', error: null });
    },
    say: (check) => void (said = check),
    discarded,
  };
}
