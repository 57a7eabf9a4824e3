// From a folder to a model in a browser: a real Chromium, the real engines, a few epochs of real training.
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openBrowser, type BrowserApp } from './support/apps';
import { fixture } from './support/environment';
import { RecordView } from './support/recordView';
import { DIGIT_WORDS, speak } from './support/speech';

test.describe.configure({ mode: 'serial' });

/** Enough that a pause falls into the middle of it. */
const EPOCHS = 40;
const TRAINING_MS = 150_000;

const folder = mkdtempSync(join(tmpdir(), 'unroll-run-'));
const speech = speak(join(folder, 'spoken.wav'), [5, 5]);
let app: BrowserApp;

/** A folder for each word, as many collections come. */
function wordFolders(): string {
  const words = join(folder, 'words');
  DIGIT_WORDS.forEach((word, digit) => {
    mkdirSync(join(words, word), { recursive: true });
    for (const take of [1, 2]) copyFileSync(fixture(`asterisk_digits_${digit}.wav`), join(words, word, `${take}.wav`));
  });
  writeFileSync(join(words, 'zero', 'broken.wav'), 'no sound at all');
  return words;
}
const state = () => app.page.getByTestId('run-state');

test.beforeAll(async () => {
  app = await openBrowser({ microphone: speech.file });
});
test.afterAll(() => app?.close());

test('an imported folder is trained on, and the curve moves', async () => {
  test.setTimeout(TRAINING_MS);
  const { page } = app;
  await page.getByRole('link', { name: 'Data' }).click();
  await page.getByRole('main').getByRole('button', { name: 'Import…' }).click();
  await page.getByTestId('folder-input').setInputFiles(wordFolders());
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByTestId('data-row').first()).toBeVisible();
  await page.getByRole('button', { name: 'Train on this' }).click();
  await page.getByRole('spinbutton', { name: 'Epochs', exact: true }).fill(String(EPOCHS));
  await page.getByRole('button', { name: 'Begin to learn' }).click();
  await expect(state()).toHaveText(/Running/, { timeout: TRAINING_MS });
  const cursor = page.getByRole('slider', { name: 'Step in view of the cursor' });
  const lastStep = async (): Promise<number> => Number(await cursor.getAttribute('aria-valuemax'));
  await expect.poll(lastStep, { timeout: TRAINING_MS }).toBeGreaterThan(1);
  const before = await lastStep();
  await expect.poll(lastStep, { timeout: TRAINING_MS }).toBeGreaterThan(before);
});

test('it is paused in the middle, goes on, and ends', async () => {
  test.setTimeout(2 * TRAINING_MS);
  const { page } = app;
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(state()).toHaveText(/Paused/, { timeout: TRAINING_MS });
  await page.getByRole('button', { name: 'Go on', exact: true }).click();
  await expect(state()).toHaveText(/Finished/, { timeout: TRAINING_MS });
});

test('its model is chosen in the Record view and hears a recording', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'Use it' }).click();
  const name = page.getByTestId('model-name');
  await expect(name).toHaveAttribute('data-model', /^(?!live$)/);
  const record = new RecordView(app);
  await record.start();
  await expect.poll(() => record.elapsedMs()).toBeGreaterThan(2_000);
  await record.stop();
  await expect(record.rows).toHaveCount(1);
  expect(app.complaints).toEqual([]);
});
