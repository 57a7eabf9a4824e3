// A folder that is watched: the real queue, the real engine, in a real Chromium.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openBrowser, type BrowserApp } from './support/apps';
import { fixture } from './support/environment';
import { RecordView } from './support/recordView';

test.describe.configure({ mode: 'serial' });

const READY_MS = 90_000;

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
