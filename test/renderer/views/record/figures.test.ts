import { afterEach, expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { openWindow } from '../../support/openWindow';
import { button, untilState } from '../../support/recordButton';
import { scripted, scriptedEngine } from '../../support/scriptedEngine';

afterEach(() => vi.restoreAllMocks());

test('numbers are written as figures where the person wants that, in the text and in its copy', async () => {
  const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  const words = [scripted('four', 100, 400), scripted('nine', 600, 900), scripted('six', 2_600, 2_900)];
  await openWindow(scriptedEngine({ words }).bridge, 'record', { language: 'en', writesFigures: true });
  await untilState('ready');
  await button.click();
  await untilState('live');
  await expect.poll(() => page.getByTestId('settled-text').element().textContent).toBe('49\n6');
  await button.click();
  await untilState('ready');
  await page.getByRole('button', { name: 'Copy' }).click();
  expect(write).toHaveBeenCalledWith('49\n6');
});
