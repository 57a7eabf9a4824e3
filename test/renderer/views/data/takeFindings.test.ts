import { expect, test } from 'vitest';
import type { TakeCheck } from '../../../../app/contract/dataSets';
import { takeFindings } from '../../../../renderer/views/data/takeFindings';
import { dataShelf } from '../../support/dataShelf';
import { openWindow } from '../../support/openWindow';

const good: TakeCheck = {
  ...{ takeId: 'take', durationMs: 1_000, fromMs: 100, toMs: 900, peaks: new Float32Array(400) },
  ...{ peakDb: -6, isClipped: false, isTooQuiet: false, hasVoice: true, signalToNoiseDb: null, heard: null },
};

test('the level of a take is told with what is wrong with it', async () => {
  await openWindow(dataShelf([]), 'data');
  const told = (change: Partial<TakeCheck>) => takeFindings({ ...good, ...change }, 'one')[0];
  expect(told({})).toEqual({ text: 'Peak −6 dB, no clipping', isGood: true });
  expect(told({ peakDb: -40, isTooQuiet: true })?.text).toBe('Peak −40 dB, too quiet: come nearer');
  expect(told({ peakDb: -1, hasVoice: false })).toEqual({
    text: 'Peak −1 dB, but no voice was found in it',
    isGood: false,
  });
  expect(told({ peakDb: null, isTooQuiet: true, hasVoice: false })?.isGood).toBe(false);
});
