// Hundreds of files, and a folder that is watched: the real queue, the real engine, in a real Chromium.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openBrowser, type BrowserApp } from './support/apps';
import { fixture } from './support/environment';
import { RecordView } from './support/recordView';

test.describe.configure({ mode: 'serial' });

const READY_MS = 90_000;
const FILES = 300;
/** Files that no one can read, by their place. */
const BROKEN = [50, 150, 250];
/** Of the engine, which reads one file and has the next. */
const MOST_COMING = 3;

const folder = mkdtempSync(join(tmpdir(), 'unroll-queue-'));
const watched = join(folder, 'dictaphone');
mkdirSync(join(watched, 'monday'), { recursive: true });
copyFileSync(fixture('asterisk_digits_3.wav'), join(watched, 'three.wav'));
copyFileSync(fixture('asterisk_digits_4.wav'), join(watched, 'monday', 'four.wav'));

let app: BrowserApp;
test.beforeAll(async () => {
  test.setTimeout(2 * READY_MS);
  app = await openBrowser({ watch: watched });
  await new RecordView(app).isReady();
});
test.afterAll(() => app?.close());

const rows = () => app.page.getByTestId('file-row');
const kept = (): string[] => readdirSync(join(app.data, 'recordings')).filter((name) => !name.startsWith('.'));

test('sounds of a watched folder and of a folder inside it stand in the queue as they are read', async () => {
  const { page } = app;
  await page.keyboard.press('Control+2');
  await expect(page.getByRole('region', { name: 'Watch a folder' })).toContainText('2 sounds taken');
  await expect.poll(() => kept().length).toBe(2);
  copyFileSync(fixture('asterisk_digits_5.wav'), join(watched, 'five.wav'));
  await page.getByRole('button', { name: 'Show the files' }).click();
  const five = rows().filter({ hasText: 'five.wav' });
  await expect(five).toHaveAttribute('data-state', 'done');
  await expect(five.getByRole('link', { name: 'Open: five.wav' })).toBeVisible();
  await page.getByRole('button', { name: 'Clear the list' }).click();
  await expect(rows()).toHaveCount(0);
});

test('of three hundred files all are read but the broken ones; some are moved, taken off, stopped and tried again', async () => {
  test.setTimeout(6 * READY_MS);
  const { page } = app;
  const before = kept().length;
  const files = Array.from({ length: FILES }, (_, k) => {
    const path = join(folder, `${String(k).padStart(3, '0')}.wav`);
    if (BROKEN.includes(k)) writeFileSync(path, 'no sound at all');
    else writeFileSync(path, readFileSync(fixture(`asterisk_digits_${k % 10}.wav`)));
    return path;
  });
  await page.getByTestId('file-input').first().setInputFiles(files);
  await page.getByRole('button', { name: 'Show the files' }).click();
  const row = (name: string) => rows().filter({ hasText: name });
  await page.getByRole('button', { name: 'Stop 298.wav' }).click();
  await expect(row('298.wav')).toHaveAttribute('data-state', 'cancelled');
  await page.getByRole('button', { name: 'Take 298.wav off the list' }).click();
  await expect(row('298.wav')).toHaveCount(0);
  await page.getByRole('button', { name: 'Read 299.wav earlier' }).click();
  await page.getByRole('button', { name: 'Stop 297.wav' }).click();
  await expect(row('297.wav')).toHaveAttribute('data-state', 'cancelled');

  let most = 0;
  await expect
    .poll(
      async () => {
        most = Math.max(most, readdirSync(join(app.data, 'incoming')).length);
        return page.locator('[data-testid=file-row]:not([data-state=done])').count();
      },
      { intervals: [250], timeout: 4 * READY_MS },
    )
    .toBe(BROKEN.length + 1);
  expect(most).toBeLessThanOrEqual(MOST_COMING);
  for (const k of BROKEN)
    await expect(row(`${String(k).padStart(3, '0')}.wav`)).toHaveAttribute('data-state', 'failed');
  await page.getByRole('button', { name: 'Try 297.wav again' }).click();
  await expect(row('297.wav')).toHaveAttribute('data-state', 'done');
  await expect.poll(() => kept().length - before).toBe(FILES - BROKEN.length - 1);
  expect(readdirSync(join(app.data, 'incoming'))).toEqual([]);
});
