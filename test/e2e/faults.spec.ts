// What a person sees when something goes wrong, and what is kept: the real window and the real engine, in a browser.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openBrowser, type BrowserApp } from './support/apps';
import { transcribe } from './support/commandLine';
import { dropFile } from './support/dropFile';
import { engineOf } from './support/processes';
import { RecordView } from './support/recordView';
import { speak } from './support/speech';

/** A window that does not come back within this time is given up by the gateway, and its recording is ended for it. */
const GIVEN_UP_MS = 60_000;

test.describe.configure({ timeout: 4 * GIVEN_UP_MS });

let app: BrowserApp | null = null;
test.afterEach(async () => {
  await app?.close();
  app = null;
});

test('what is damaged keeps the window from nothing that is whole', async () => {
  const garbage = '{"this is": no JSON';
  app = await openBrowser({
    prepare: (data) => {
      for (const folder of ['models/broken', 'recordings/torn', 'sets/torn', 'runs/torn'])
        mkdirSync(join(data, folder), { recursive: true });
      writeFileSync(join(data, 'models/broken/model.json'), garbage);
      writeFileSync(join(data, 'models/broken/weights.safetensors'), garbage);
      writeFileSync(join(data, 'recordings/torn/recording.json'), garbage);
      writeFileSync(join(data, 'recordings.sqlite'), garbage);
      writeFileSync(join(data, 'rung.json'), garbage);
    },
  });
  const { page } = app;
  await page.evaluate((text) => localStorage.setItem('unroll.preferences', text), garbage);
  await page.reload();
  const view = new RecordView(app);
  await view.isReady();
  await page.getByRole('button', { name: 'Play Four digits' }).click();
  await expect(view.rows.first()).toBeVisible({ timeout: GIVEN_UP_MS });
  expect(await view.settledWords()).toContain('seven');
});

test('a page that is reloaded in the middle of a recording loses nothing that was said', async () => {
  const speech = speak(join(mkdtempSync(join(tmpdir(), 'unroll-speech-')), 'spoken.wav'), [3, 1, 4, 1]);
  app = await openBrowser({ microphone: speech.file });
  const view = new RecordView(app);
  await view.start();
  await view.hasSettled(2);
  await app.page.reload();
  await view.isReady();
  await expect(view.rows.first()).toBeVisible({ timeout: GIVEN_UP_MS });
  expect(transcribe(view.onlyRecording(), '--stream').slice(0, 2)).toEqual(['three', 'one']);
});

test('an engine that is killed while it reads a file reads it once more', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'unroll-speech-'));
  const { file } = speak(
    join(folder, 'long.wav'),
    Array.from({ length: 100 }, (_, n) => [3, 1, 4][n % 3] ?? 0),
  );
  app = await openBrowser();
  const { page, host } = app;
  await new RecordView(app).isReady();
  await dropFile(page, 'long.wav', readFileSync(file));
  const row = page.getByTestId('file-row');
  await expect(row).toHaveAttribute('data-state', 'transcribing', { timeout: GIVEN_UP_MS });
  const engine = engineOf(host.process.pid ?? 0);
  process.kill(engine ?? 0, 'SIGKILL');
  await expect(row).toHaveAttribute('data-state', 'done', { timeout: 2 * GIVEN_UP_MS });
  expect(engineOf(host.process.pid ?? 0)).not.toBe(engine);
  await row.getByRole('link').click();
  // Each word is a button that plays it.
  const words = page.getByTestId('transcript').locator('p').getByRole('button');
  await expect(words.first()).toBeVisible();
  expect(await words.allInnerTexts()).toEqual(transcribe(file));
  rmSync(folder, { recursive: true });
});

test('a data folder that is none is named, and one click goes on when it is there', async () => {
  const garbage = 'no folder';
  app = await openBrowser({
    prepare: (data) => {
      rmdirSync(data);
      writeFileSync(data, garbage);
    },
  });
  const { page, data } = app;
  const said = page.getByText('The folder with your recordings could not be read or written.');
  await expect(said).toBeVisible({ timeout: GIVEN_UP_MS });
  expect(readFileSync(data, 'utf8')).toBe(garbage);
  rmSync(data);
  mkdirSync(data);
  await page.getByRole('button', { name: 'Try again' }).click();
  await new RecordView(app).isReady();
});
