// Data sets in a browser: a real Chromium, a recording for a microphone, the real engine.
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openBrowser, type BrowserApp } from './support/apps';
import { fixture } from './support/environment';
import { DIGIT_WORDS, speak } from './support/speech';

test.describe.configure({ mode: 'serial' });

const folder = mkdtempSync(join(tmpdir(), 'unroll-set-'));
const speech = speak(join(folder, 'spoken.wav'), [5, 5]);
let app: BrowserApp;

/** Each digit as sound with its word in a text beside it, and one sound that is none. */
function digitFolder(): string {
  const digits = join(folder, 'digits');
  mkdirSync(digits);
  DIGIT_WORDS.forEach((word, digit) => {
    copyFileSync(fixture(`asterisk_digits_${digit}.wav`), join(digits, `${digit}.wav`));
    writeFileSync(join(digits, `${digit}.txt`), `${word}\n`);
  });
  writeFileSync(join(digits, 'broken.wav'), 'no sound at all');
  writeFileSync(join(digits, 'broken.txt'), 'ten\n');
  return digits;
}
const rows = () => app.page.getByTestId('data-row');
/** The list of the only set, as it is on disk. */
function manifest(): string {
  const sets = join(app.data, 'sets');
  const [set = ''] = readdirSync(sets).filter((name) => !name.startsWith('.'));
  return readFileSync(join(sets, set, 'manifest.tsv'), 'utf8');
}

test.beforeAll(async () => {
  app = await openBrowser({ microphone: speech.file });
});
test.afterAll(() => app?.close());

test('a folder becomes a set, and what cannot be read is named', async () => {
  const { page } = app;
  await page.getByRole('link', { name: 'Data' }).click();
  await page.getByRole('main').getByRole('button', { name: 'Import…' }).click();
  await page.getByTestId('folder-input').setInputFiles(digitFolder());
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText('10 recordings were taken')).toBeVisible();
  await expect(page.getByText('1 was left out')).toBeVisible();
  await expect(page.getByRole('complementary')).toContainText('broken.wav');
  await expect(rows()).toHaveCount(10);
});

test('a text that is put right is on disk, and a row that is left out is not learned', async () => {
  const { page } = app;
  const seven = rows().filter({ hasText: 'seven' });
  await seven.dblclick();
  await page.getByRole('textbox', { name: 'Text' }).fill('séven');
  await page.keyboard.press('Enter');
  await expect(rows().filter({ hasText: 'séven' })).toBeVisible();
  await expect.poll(manifest).toContain('séven');
  await page.keyboard.press('x');
  await expect(page.getByText('9 takes', { exact: false })).toBeVisible();
});

test('a spoken prompt joins the set with its speaker, and all of it is there after a reload', async () => {
  const { page } = app;
  await page.getByRole('button', { name: 'Record prompts' }).click();
  await page.getByLabel('Prompts, one a line').fill('five five');
  await page.getByLabel('Each so many times').fill('1');
  await page.getByLabel('Who speaks').fill('Ana');
  await page.getByRole('button', { name: 'Record 1 prompt' }).click();
  await page.keyboard.press('Space');
  await expect(page.getByTestId('record-button').last()).toHaveAttribute('data-state', 'live');
  await page.waitForTimeout(speech.durationMs + 500);
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Hear it' })).toBeVisible();
  await expect(page.getByRole('complementary')).toContainText('Peak');
  await page.keyboard.press('Enter');
  await expect(page.getByText('1 take was kept.')).toBeVisible();
  await page.reload();
  await expect(rows().filter({ hasText: 'Ana' })).toContainText('five five');
  await expect(rows()).toHaveCount(11);
});

test('a set is saved as one file, deleted, and back from the file with the same rows', async () => {
  const { page } = app;
  const told = async () => (await rows().allInnerTexts()).sort();
  const before = await told();
  await page.getByRole('button', { name: 'More about data sets' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save as one file' }).click();
  const file = join(folder, (await download).suggestedFilename());
  expect(file).toMatch(/digits\.unroll-set\.zip$/);
  await (await download).saveAs(file);
  await page.getByRole('button', { name: 'More about data sets' }).click();
  await page.getByRole('menuitem', { name: 'Delete the set' }).click();
  await expect(page.getByText('No data set yet')).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'Import…' }).click();
  await page.getByTestId('data-files-input').setInputFiles(file);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(page.getByText('The set is open as it was saved')).toBeVisible();
  await expect(rows()).toHaveCount(before.length);
  expect(await told()).toEqual(before);
});

test('one click opens a set to try training on', async () => {
  await app.page.getByRole('button', { name: 'More about data sets' }).click();
  await app.page.getByRole('menuitem', { name: 'Open the sample set' }).click();
  await expect(app.page.getByRole('button', { name: 'Train on this' })).toBeEnabled();
  await expect(rows().first()).toBeVisible();
  expect(app.complaints).toEqual([]);
});
