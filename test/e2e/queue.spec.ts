// Hundreds of files, and a folder that is watched: the real queue, the real engine, in a real Chromium.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openBrowser, type BrowserApp } from './support/apps';
import { dropFiles } from './support/dropFile';
import { fixture } from './support/environment';
import { RecordView } from './support/recordView';

test.describe.configure({ mode: 'serial' });

const READY_MS = 90_000;
const FILES = 300;
/** Files that no one can read, by their place. */
const BROKEN = [5, 150, 250];
/** Of the engine, which reads one file and has the next. */
const MOST_COMING = 3;
const nameOf = (k: number): string => `${String(k).padStart(3, '0')}.wav`;

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
});

test('a sound of a watched folder that cannot be read is tried again where it lies', async () => {
  const { page } = app;
  const path = join(watched, 'six.wav');
  writeFileSync(path, 'no sound at all');
  const six = rows().filter({ hasText: 'six.wav' });
  await expect(six).toHaveAttribute('data-state', 'failed');
  await page.getByRole('button', { name: 'Rest from watching dictaphone' }).click();
  await expect(page.getByText('dictaphone is not watched for now.')).toBeVisible();
  copyFileSync(fixture('asterisk_digits_6.wav'), path);
  await page.getByRole('button', { name: 'Try six.wav again' }).click();
  await expect(six).toHaveAttribute('data-state', 'done');
  await expect.poll(() => kept().length).toBe(4);
  await page.getByRole('button', { name: 'Clear the list' }).click();
  await expect(rows()).toHaveCount(0);
});

test('of three hundred dropped files all are read but the broken ones; some are moved, taken off, stopped and tried again', async () => {
  test.setTimeout(6 * READY_MS);
  const { page } = app;
  const before = kept().length;
  const open = page.locator('section.detail');
  const opened = await open.getAttribute('aria-label');
  const sounds = Array.from({ length: 10 }, (_, k) => readFileSync(fixture(`asterisk_digits_${k}.wav`)));
  const noSound = Buffer.from('no sound at all');
  await dropFiles(
    page,
    Array.from({ length: FILES }, (_, k) => ({
      name: nameOf(k),
      content: BROKEN.includes(k) ? noSound : (sounds[k % 10] ?? noSound),
    })),
  );
  await page.getByRole('button', { name: 'Show the files' }).click();
  await expect(rows()).toHaveCount(FILES);
  const row = (k: number) => rows().filter({ hasText: nameOf(k) });
  await page.getByRole('button', { name: 'Stop 298.wav' }).click();
  await expect(row(298)).toHaveAttribute('data-state', 'cancelled');
  await page.getByRole('button', { name: 'Take 298.wav off the list' }).click();
  await expect(row(298)).toHaveCount(0);
  await page.getByRole('button', { name: 'Read 299.wav earlier' }).click();
  await expect(rows().nth(FILES - 3)).toContainText('299.wav');
  await page.getByRole('button', { name: 'Stop 297.wav' }).click();
  await expect(row(297)).toHaveAttribute('data-state', 'cancelled');
  // A failure stops nobody, and the recordings that come take no place of the one that is open.
  await expect(row(5)).toHaveAttribute('data-state', 'failed');
  await expect(row(6)).toHaveAttribute('data-state', 'done');
  expect(await open.getAttribute('aria-label')).toBe(opened);

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
  for (const k of BROKEN) await expect(row(k)).toHaveAttribute('data-state', 'failed');
  await page.getByRole('button', { name: 'Try 297.wav again' }).click();
  await expect(row(297)).toHaveAttribute('data-state', 'done');
  await expect.poll(() => kept().length - before).toBe(FILES - BROKEN.length - 1);
  expect(readdirSync(join(app.data, 'incoming'))).toEqual([]);
  expect(app.complaints).toEqual([]);
});
