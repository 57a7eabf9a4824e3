import { afterEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { openWindow } from '../../support/openWindow';
import { button, untilState } from '../../support/recordButton';
import { scripted, scriptedEngine } from '../../support/scriptedEngine';

afterEach(() => vi.restoreAllMocks());

test('a microphone that is pulled out or forbidden in the middle rests the recording, and what was said is kept', async () => {
  const ask = vi.spyOn(navigator.mediaDevices, 'getUserMedia');
  const { bridge } = scriptedEngine({ words: [scripted('four', 100, 400)] });
  await openWindow(bridge, 'record');
  await untilState('ready');
  await button.click();
  await untilState('live');
  await expect.poll(() => page.getByTestId('elapsed').element().textContent).not.toBe('0:00.0');
  const stream = await (ask.mock.results[0]?.value as Promise<MediaStream>);
  // What the browser tells of both.
  stream.getTracks()[0]?.dispatchEvent(new Event('ended'));
  await untilState('hold');
  await expect.element(page.getByText('The microphone is gone.')).toBeVisible();
  await expect.element(page.getByText('What you said so far is kept.')).toBeVisible();
  expect(bridge.bodiesOf('listen.chunk').length).toBeGreaterThan(0);
  expect(bridge.bodiesOf('listen.finish')).toEqual([]);
});
