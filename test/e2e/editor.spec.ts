// One recording's text under a person's hands: heard, put right, parted, joined, read again, and all of it taken back; by mouse and
// by keys, on the real engine. What is on disk is looked at after every change.
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openBrowser, type BrowserApp } from './support/apps';
import { dropFile } from './support/dropFile';
import { RecordView } from './support/recordView';
import { speak } from './support/speech';

test.describe.configure({ mode: 'serial' });

const READY_MS = 90_000;
const DIGITS = [1, 7, 4, 8, 3, 9, 2, 5, 1, 7, 4, 8];
const speech = speak(join(mkdtempSync(join(tmpdir(), 'unroll-speech-')), 'talk.wav'), DIGITS, { gapMs: 600 });

interface Manifest {
  readonly transcripts: readonly {
    readonly utterances: readonly {
      readonly words: readonly { readonly text: string; readonly correction?: string; readonly startMs: number }[];
    }[];
  }[];
}
let app: BrowserApp;
test.beforeAll(async () => {
  test.setTimeout(2 * READY_MS);
  app = await openBrowser();
  const { page } = app;
  await new RecordView(app).isReady();
  await dropFile(page, 'talk.wav', readFileSync(speech.file));
  await expect(page.getByTestId('file-row')).toHaveAttribute('data-state', 'done', { timeout: READY_MS });
  await page.keyboard.press('Control+2');
  await expect(words().first()).toBeVisible();
});
test.afterAll(() => app?.close());

const transcript = () => app.page.getByTestId('transcript');
const lines = () => transcript().locator('.utterance');
const words = () => transcript().locator('.utterance p button');
const cursor = async (): Promise<number> =>
  Number(await app.page.getByRole('slider', { name: 'Position in the sound' }).getAttribute('aria-valuenow'));
const isPlaying = () => app.page.getByRole('button', { name: 'Pause', exact: true });

/** The text as the only recording's folder holds it, a line for each utterance. */
function kept(): string[] {
  const folder = join(app.data, 'recordings');
  const [id = ''] = readdirSync(folder).filter((name) => !name.startsWith('.'));
  const manifest = JSON.parse(readFileSync(join(folder, id, 'manifest.json'), 'utf8')) as Manifest;
  const newest = manifest.transcripts[manifest.transcripts.length - 1];
  return (newest?.utterances ?? []).map((line) => line.words.map((word) => word.correction ?? word.text).join(' '));
}
const isKept = (expected: (text: string) => boolean): Promise<void> =>
  expect.poll(() => expected(kept().join('\n'))).toBe(true);
async function lineMenu(line: number, item: string | RegExp): Promise<void> {
  const row = lines().nth(line);
  await row.hover();
  await row.getByRole('button', { name: /^Line at/ }).click();
  await app.page.getByRole('menuitem', { name: item }).click();
}

test('a word is heard where it stands, and playing goes on, back, round a line, and at other speeds', async () => {
  const { page } = app;
  const word = words().nth(3);
  const [, minutes = '0', seconds = '0'] = /at (\d+):([\d.]+)/.exec((await word.getAttribute('title')) ?? '') ?? [];
  const startMs = (Number(minutes) * 60 + Number(seconds)) * 1000;
  await word.click();
  await expect.poll(cursor).toBeGreaterThanOrEqual(startMs);
  // A word and no more.
  await expect(isPlaying()).toHaveCount(0);
  expect(await cursor()).toBeLessThan(startMs + 2_000);
  await page.keyboard.press('Escape');
  await page.keyboard.press('k');
  await expect(isPlaying()).toBeVisible();
  await expect.poll(cursor).toBeGreaterThan(startMs + 2_200);
  await page.keyboard.press('k');
  await expect(isPlaying()).toHaveCount(0);
  const before = await cursor();
  await page.keyboard.press('j');
  await expect.poll(cursor).toBeCloseTo(before - 2_000, -2);
  await page.keyboard.press('>');
  await page.keyboard.press('>');
  await expect(page.getByRole('combobox', { name: 'Speed' })).toHaveValue('1.5');
  await page.keyboard.press('k');
  const [from, since] = [await cursor(), Date.now()];
  await page.waitForTimeout(1_500);
  const rate = ((await cursor()) - from) / (Date.now() - since);
  expect(rate).toBeGreaterThan(1.15);
  await page.keyboard.press('k');
  await page.keyboard.press('<');
  await page.keyboard.press('<');
  await lineMenu(0, 'Play it again and again');
  await expect(page.getByRole('button', { name: 'Loop the line' })).toHaveAttribute('aria-pressed', 'true');
  let [turns, last] = [0, await cursor()];
  await expect
    .poll(
      async () => {
        const now = await cursor();
        if (now < last) turns++;
        last = now;
        return turns;
      },
      { intervals: [100], timeout: READY_MS },
    )
    .toBeGreaterThanOrEqual(1);
  await page.keyboard.press('o');
  await page.keyboard.press('k');
});

test('a word is put right, a line parted, joined, typed anew and read again; each is on disk, and all is taken back', async () => {
  const { page } = app;
  const before = kept();
  const count = await lines().count();

  await words().nth(1).click();
  await page.getByRole('textbox', { name: 'Another word' }).fill('heaven');
  await page.keyboard.press('Enter');
  await expect(words().nth(1)).toHaveText(/heaven/);
  await isKept((text) => text.includes('heaven'));

  const inLine = lines()
    .filter({ has: page.locator('p button').nth(2) })
    .first();
  await inLine.locator('p button').nth(1).click();
  await page.getByRole('button', { name: 'New line from here' }).click();
  await expect(lines()).toHaveCount(count + 1);
  await lineMenu(0, 'Merge with the next');
  await expect(lines()).toHaveCount(count);

  await lineMenu(0, 'Edit the line');
  const editor = page.getByRole('textbox', { name: 'Edit the line' });
  await editor.fill(`${await editor.inputValue()} hurrah`);
  await page.keyboard.press('Enter');
  await expect(lines().first()).toContainText('hurrah');
  await isKept((text) => text.includes('hurrah'));

  await lineMenu(0, 'Read again with Digits');
  await expect(lines().first()).not.toContainText('hurrah', { timeout: READY_MS });
  await isKept((text) => !text.includes('hurrah'));

  for (const _change of ['read again', 'typed', 'joined', 'parted', 'put right'])
    await page.keyboard.press('Control+z');
  await expect.poll(() => kept()).toEqual(before);
  await page.keyboard.press('Control+Shift+Z');
  await isKept((text) => text.includes('heaven'));
});

test('a word is found and replaced everywhere, marks can be off, and a reload shows what was kept', async () => {
  const { page } = app;
  await page.keyboard.press('Control+h');
  await page.getByRole('textbox', { name: 'Find' }).fill('heaven');
  await page.getByRole('textbox', { name: 'Put instead' }).fill('seventh');
  await expect(page.getByText('1 place')).toBeVisible();
  await page.keyboard.press('Enter');
  await isKept((text) => text.includes('seventh') && !text.includes('heaven'));
  await page.keyboard.press('Escape');
  const marks = page.getByRole('button', { name: 'Marks', exact: true });
  await expect(marks).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('u');
  await expect(marks).toHaveAttribute('aria-pressed', 'false');
  await expect(page.locator('.window')).toHaveClass(/no-marks/);
  await page.reload();
  await expect(transcript()).toContainText('seventh', { timeout: READY_MS });
  await expect(page.getByRole('button', { name: 'Marks', exact: true })).toHaveAttribute('aria-pressed', 'false');
  await page.keyboard.press('u');
});

test('what was put right becomes training data by one key', async () => {
  const { page } = app;
  await page.keyboard.press('d');
  await expect(page.getByText(/^Added to/)).toBeVisible();
  await page.keyboard.press('Control+3');
  await expect(page.getByTestId('data-row').filter({ hasText: 'seventh' })).toHaveCount(1);
});
