// A long recording's whole way through the library: dropped, stopped, taken up again, found, heard, put right, exported, learned
// from, deleted and brought back.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openBrowser, type BrowserApp } from './support/apps';
import { dropFile } from './support/dropFile';
import { RecordView } from './support/recordView';
import { speak } from './support/speech';

const MINUTES = 10;
/** A digit of the fixtures and the pause after it. */
const DIGIT_MS = 1_200;
const digits = Array.from({ length: (MINUTES * 60_000) / DIGIT_MS }, (_, at) => (at * 7) % 10);
const speech = speak(join(mkdtempSync(join(tmpdir(), 'unroll-speech-')), 'long.wav'), digits, { gapMs: 400 });

let app: BrowserApp;
test.beforeAll(async () => {
  app = await openBrowser();
});
test.afterAll(() => app?.close());

test('a long file is stopped, taken up again, searched, heard, put right, exported, learned from, deleted and restored', async () => {
  test.setTimeout(5 * 60_000);
  const { page } = app;
  expect(speech.durationMs).toBeGreaterThan(MINUTES * 60_000);
  await new RecordView(app).isReady();
  await dropFile(page, 'long.wav', readFileSync(speech.file));
  const row = page.getByTestId('file-row');
  await expect(row).toHaveAttribute('data-state', /queued|decoding|transcribing/);
  await row.getByRole('button', { name: 'Stop long.wav' }).click();
  await expect(row).toHaveAttribute('data-state', 'cancelled');
  await row.getByRole('button', { name: 'Try long.wav again' }).click();
  await expect(row).toHaveAttribute('data-state', 'done', { timeout: 4 * 60_000 });

  await page.keyboard.press('Control+2');
  await page.getByRole('searchbox').fill('seven');
  const found = page.getByRole('main').getByTestId('recording-row');
  await expect(found).toHaveCount(1);
  await found.click();
  const transcript = page.getByTestId('transcript');
  const word = transcript.getByRole('button', { name: 'seven', exact: true }).first();
  const [, minutes = '0', seconds = '0'] = /at (\d+):([\d.]+)/.exec((await word.getAttribute('title')) ?? '') ?? [];
  await word.click();
  const cursor = page.getByRole('slider', { name: 'Position in the sound' });
  const startMs = (Number(minutes) * 60 + Number(seconds)) * 1000;
  await expect.poll(async () => Number(await cursor.getAttribute('aria-valuenow'))).toBeGreaterThan(startMs);
  expect(Number(await cursor.getAttribute('aria-valuenow'))).toBeLessThan(startMs + 3_000);

  await page.getByRole('textbox', { name: 'Another word' }).fill('heaven');
  await page.keyboard.press('Enter');
  await expect(transcript.getByText('heaven')).toBeVisible();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  await page.keyboard.press('Control+e');
  await page.getByRole('combobox', { name: 'Format' }).selectOption({ label: 'SubRip (.srt)' });
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: /^Save .*\.srt$/ }).click();
  const subtitles = readFileSync(await (await download).path(), 'utf8');
  expect(subtitles).toMatch(/^1\n00:0\d:\d\d,\d{3} --> 00:0\d:\d\d,\d{3}\n/);
  expect(subtitles.match(/heaven/g)).toHaveLength(1);

  await page.getByRole('button', { name: 'To data' }).click();
  await expect(page.getByText(/^Added to/)).toBeVisible();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(found).toHaveCount(0);
  await page.keyboard.press('Control+3');
  await expect(page.getByTestId('data-row').filter({ hasText: 'heaven' })).toHaveCount(1);
  await page.keyboard.press('Control+2');
  await page.getByRole('button', { name: 'Bring back' }).click();
  await expect(found).toHaveCount(1);
});
