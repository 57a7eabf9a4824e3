// The caption window as a small player: what is pressed there happens to the recording in the window that records.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openBrowser, type BrowserApp } from './support/apps';
import { RecordView } from './support/recordView';
import { SPOKEN_DIGITS, speak } from './support/speech';

const speech = speak(join(mkdtempSync(join(tmpdir(), 'unroll-speech-')), 'spoken.wav'), SPOKEN_DIGITS);
let app: BrowserApp;
test.beforeAll(async () => {
  app = await openBrowser({ microphone: speech.file });
});
test.afterAll(() => app?.close());

test('a recording is begun, marked, rested, gone on with and kept from the captions', async () => {
  const view = new RecordView(app);
  await view.isReady();
  const opening = app.context.waitForEvent('page');
  await app.page.keyboard.press('F8');
  const captions = await opening;
  const press = (name: string): Promise<void> => captions.getByRole('button', { name, exact: true }).click();
  await press('Record');
  await expect(view.button).toHaveAttribute('data-state', 'live');
  await expect(captions.getByRole('log')).toContainText(/\w/);
  await press('Mark this moment');
  await press('Pause');
  await expect(view.button).toHaveAttribute('data-state', 'hold');
  const clock = await captions.getByTestId('caption-clock').textContent();
  expect(clock).toBe(await app.page.getByTestId('elapsed').textContent());
  await press('Go on');
  await expect(view.button).toHaveAttribute('data-state', 'live');
  await press('Stop and keep');
  await expect(view.button).toHaveAttribute('data-state', 'ready');
  await expect(view.rows).toHaveCount(1);
});
